package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.threads.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * Asks WMI through a child process, the system's own Windows PowerShell: COM inside the host's JVM could crash it and would set the COM
 * security of the whole process. Thread-safe.
 */
final class WindowsPowerShell {
    private final Path path;
    private final Duration deadline;

    /**
     * @param systemDirectory such as {@code C:\Windows\System32}
     * @param deadline the child is killed after it
     */
    WindowsPowerShell(Path systemDirectory, Duration deadline) {
        this.path = systemDirectory.resolve(Path.of("WindowsPowerShell", "v1.0", "powershell.exe"));
        this.deadline = deadline;
    }

    /** The path of the system's PowerShell. */
    Path path() {
        return path;
    }

    /**
     * A question, for messages.
     *
     * @param things what is listed, such as {@code shadow copies}
     * @param where the node
     * @param thread the name of the thread that reads the answer
     * @param mostBytes the child is killed when it prints more
     * @param rights what to do if the node refuses: a sentence
     * @param manually how a person gets the same list: a sentence
     */
    record Question(String things, String where, String thread, int mostBytes, String rights, String manually) {}

    /** Reads the output of a script. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(String output) throws MalformedListException;
    }

    /** The answer to a question. */
    <T> T ask(Question question, String script, Parser<T> parser) throws ClusterException {
        ChildProcess.Result result = run(
                question,
                new ProcessBuilder(
                        path.toString(),
                        "-NoLogo",
                        "-NoProfile",
                        "-NonInteractive",
                        "-ExecutionPolicy",
                        "Bypass",
                        "-Command",
                        script));
        if (result.exitCode() != 0) {
            String what = question.where() + " did not list its " + question.things() + ": " + reason(result);
            throw isDenied(result)
                    ? ClusterException.denied(what, question.rights())
                    : ClusterException.unavailable(what, question.rights());
        }
        try {
            return parser.parse(result.output());
        } catch (MalformedListException e) {
            throw ClusterException.unavailable(
                    "the list of " + question.things() + " of " + question.where() + " cannot be read: "
                            + e.getMessage(),
                    question.manually());
        }
    }

    /**
     * True if the error is that access was denied: the HRESULT of E_ACCESSDENIED (winerror.h), which .NET shows since 4.5, or the code of a
     * ManagementException. Never seen on Windows.
     */
    private static boolean isDenied(ChildProcess.Result result) {
        List<String> lines = lines(result);
        return lines.contains("hresult=-2147024891") || lines.contains("wmi=AccessDenied");
    }

    private static List<String> lines(ChildProcess.Result result) {
        return result.output().lines().map(String::strip).toList();
    }

    private static String reason(ChildProcess.Result result) {
        for (String line : lines(result)) {
            if (line.startsWith("error=")) {
                String text = line.substring("error=".length());
                try {
                    return ScriptText.unescape(text);
                } catch (MalformedListException e) {
                    return text;
                }
            }
        }
        return "PowerShell ended with exit code " + result.exitCode();
    }

    private ChildProcess.Result run(Question question, ProcessBuilder builder) throws ClusterException {
        // A host's PSModulePath may be that of PowerShell 7, whose modules Windows PowerShell cannot load.
        builder.environment().remove("PSModulePath");
        builder.redirectErrorStream(true);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw ClusterException.unavailable(
                    "Windows PowerShell could not be started at " + path + ": " + e.getMessage(),
                    "Allow the agent's account to run it. " + question.manually());
        }
        try {
            return ChildProcess.await(
                    process, question.thread(), deadline, question.mostBytes(), StandardCharsets.US_ASCII);
        } catch (ChildProcess.OutputTooLongException e) {
            throw ClusterException.unavailable(
                    "the list of " + question.things() + " is longer than " + question.mostBytes() + " bytes",
                    question.manually());
        } catch (TimeoutException e) {
            throw ClusterException.unavailable(
                    "PowerShell did not list the " + question.things() + " within " + deadline.toSeconds()
                            + " s and was killed",
                    "Check the Windows Management Instrumentation service of that node, and try again.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClusterException.unavailable("asking for " + question.things() + " was interrupted", "Try again.");
        } catch (IOException e) {
            throw ClusterException.unavailable(
                    "the output of PowerShell cannot be read: " + e.getMessage(), question.manually());
        }
    }
}
