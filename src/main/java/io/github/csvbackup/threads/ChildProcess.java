package io.github.csvbackup.threads;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads the output of a child process, with limits for its time and its size. */
public final class ChildProcess {
    private ChildProcess() {}

    /** The process has ended. */
    public record Result(int exitCode, String output) {}

    /** The process printed more than it may. */
    public static final class OutputTooLongException extends IOException {
        private static final long serialVersionUID = 1;

        OutputTooLongException(int most) {
            super("it is longer than " + most + " bytes");
        }
    }

    /**
     * Waits for the end of a started process, which gets no input. Afterwards neither it nor its children run, whatever this throws.
     *
     * @param thread the name of the thread that reads the output
     * @param deadline the process is killed after it
     * @param mostBytes the process is killed when it prints more
     * @param charset of the output
     * @throws TimeoutException if the process does not end in time
     */
    public static Result await(Process process, String thread, Duration deadline, int mostBytes, Charset charset)
            throws IOException, TimeoutException, InterruptedException {
        try {
            process.getOutputStream().close();
            CompletableFuture<byte[]> output = new CompletableFuture<>();
            DaemonThread.named(thread, () -> read(process.getInputStream(), mostBytes, output))
                    .start();
            byte[] bytes = output.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
            if (bytes.length > mostBytes) {
                throw new OutputTooLongException(mostBytes);
            }
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                throw new TimeoutException();
            }
            return new Result(process.exitValue(), new String(bytes, charset));
        } catch (ExecutionException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void read(InputStream in, int mostBytes, CompletableFuture<byte[]> output) {
        try (in) {
            output.complete(in.readNBytes(mostBytes + 1));
        } catch (IOException | RuntimeException | Error e) {
            output.completeExceptionally(e);
        }
    }
}
