package io.github.csvbackup.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Runs external programs and waits for conditions. */
final class Programs {
    private static final long PATIENCE_SECONDS = 60;

    private Programs() {}

    /** The output of a program that must succeed. */
    static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Ended ended = runToItsEnd(folder, command, PATIENCE_SECONDS);
        assertThat(ended.code()).as("%s: %s", command, ended.said()).isZero();
        return ended.said();
    }

    /** The output of a program that may have to be built first, whatever its exit code. */
    static String runPatiently(Path folder, List<String> command) throws IOException, InterruptedException {
        return runToItsEnd(folder, command, TimeUnit.MINUTES.toSeconds(10)).said();
    }

    private record Ended(int code, String said) {}

    private static Ended runToItsEnd(Path folder, List<String> command, long seconds)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
            process.destroyForcibly();
            String said = Files.readString(output);
            assertThat(ended).as("%s ends: %s", command, said).isTrue();
            return new Ended(process.exitValue(), said);
        } finally {
            Files.delete(output);
        }
    }

    @FunctionalInterface
    interface Look {
        /** Throws an AssertionError while the condition does not hold. */
        void look() throws Exception;
    }

    /** Checks repeatedly until the condition holds; after a timeout, fails with the last error. */
    static void await(String what, Look look) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                look.look();
                return;
            } catch (AssertionError | IOException e) {
                if (System.nanoTime() > end) {
                    throw new AssertionError(
                            "Waited " + PATIENCE_SECONDS + " s for " + what + ": " + e.getMessage(), e);
                }
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }
}
