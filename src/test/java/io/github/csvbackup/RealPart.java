package io.github.csvbackup;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** External programs that tests use. If one is missing, the test is skipped; with CI=true it fails. */
public final class RealPart {
    private RealPart() {}

    /** The first of these programs that is on the PATH; {@code install} says how to install it. */
    public static String program(String install, String... names) {
        return onPath(names).orElseThrow(() -> missing(names[0] + " is missing: install " + install));
    }

    /** The PowerShell named by the environment variable PWSH, or pwsh on the PATH. */
    public static String powerShell() {
        String named = System.getenv("PWSH");
        return named != null && Files.isExecutable(Path.of(named))
                ? named
                : program("PowerShell 7, or set PWSH to its program", "pwsh", "pwsh.exe");
    }

    public static Optional<String> onPath(String... names) {
        List<Path> places = new ArrayList<>();
        for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
            for (String name : names) {
                places.add(Path.of(folder, name));
            }
        }
        return places.stream().filter(Files::isExecutable).findFirst().map(Path::toString);
    }

    /**
     * Ends the test with this sentence; never returns.
     *
     * @return nothing; so that a caller can throw it
     */
    public static RuntimeException missing(String sentence) {
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError(sentence);
        }
        return Assumptions.abort(sentence);
    }
}
