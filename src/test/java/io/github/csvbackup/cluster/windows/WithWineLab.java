package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Opens the lab once for all tests of a run, and closes it at its end. */
final class WithWineLab implements BeforeAllCallback {
    private static final int MOST_DELETIONS = 100;
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(WithWineLab.class);

    /** A lab and its folder, which is deleted with it. */
    @SuppressWarnings("try") // JUnit and tests close it, and take any exception
    record Opened(WineLab lab, Path folder) implements AutoCloseable {
        static Opened now() throws Exception {
            Path folder = Files.createTempDirectory("csv-backup-lab-");
            return new Opened(WineLab.open(folder), folder);
        }

        @Override
        public void close() throws Exception {
            lab.close();
            for (int tries = 1; !deleted(folder); tries++) {
                assertThat(tries).as("%s cannot be deleted", folder).isLessThan(MOST_DELETIONS);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            }
        }

        /** False while a program of Windows that ends still writes there. */
        private static boolean deleted(Path folder) throws IOException {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
                return true;
            } catch (DirectoryNotEmptyException | UncheckedIOException | NoSuchFileException e) {
                return false;
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
            found = Opened.now();
            store.put("lab", found);
        }
        opened = found.lab();
    }
}
