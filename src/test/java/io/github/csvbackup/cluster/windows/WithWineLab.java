package io.github.csvbackup.cluster.windows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Opens the lab once for all tests of a run, and closes it at its end. */
final class WithWineLab implements BeforeAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(WithWineLab.class);

    /** The lab and its folder. */
    @SuppressWarnings("try") // JUnit closes it, and takes any exception
    private record Opened(WineLab lab, Path folder) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            lab.close();
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static WineLab opened;

    /** The lab that the run has opened. */
    static WineLab lab() {
        return opened;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
        Opened found = store.get("lab", Opened.class);
        if (found == null) {
            Path folder = Files.createTempDirectory("csv-backup-lab-");
            found = new Opened(WineLab.open(folder), folder);
            store.put("lab", found);
        }
        opened = found.lab();
    }
}
