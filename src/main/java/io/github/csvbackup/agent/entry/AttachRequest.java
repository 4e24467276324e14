package io.github.csvbackup.agent.entry;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The request of an attaching process: lines {@code @name=value}, then the arguments of the agent. The process may be of another version, so unknown
 * names are ignored. Files are URIs in ASCII, because an attach may change other characters. Other tools send only arguments.
 *
 * @param answerFile a file of that process, which receives the answer, since an attach itself can only confirm that the request arrived
 * @param jar the jar that attaches; the JVM may have loaded this class from an older one
 * @param version the version of that jar
 */
record AttachRequest(
        @Nullable String answerFile,
        @Nullable String jar,
        @Nullable String version,
        String arguments) {

    static AttachRequest parse(String text) {
        String answerFile = null;
        String jar = null;
        String version = null;
        int begin = 0;
        int end = text.indexOf('\n');
        while (end > begin && text.charAt(begin) == '@') {
            String line = text.substring(begin, end);
            if (line.startsWith("@answer=")) {
                answerFile = line.substring("@answer=".length());
            } else if (line.startsWith("@jar=")) {
                jar = line.substring("@jar=".length());
            } else if (line.startsWith("@version=")) {
                version = line.substring("@version=".length());
            }
            begin = end + 1;
            end = text.indexOf('\n', begin);
        }
        return new AttachRequest(answerFile, jar, version, text.substring(begin));
    }

    boolean isDetach() {
        return arguments.equals("detach");
    }

    /** Attaches or detaches, and answers. Waits for the outcome for a bounded time. Never throws. */
    void fulfil(Instrumentation instrumentation) {
        try {
            answer(outcome(instrumentation));
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            Messages.print(Messages.of(e));
            answer(new AttachResult(false, Messages.of(e)));
        }
    }

    private AttachResult outcome(Instrumentation instrumentation) {
        try {
            Entry.awaitRegistration();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new AttachResult(false, "waiting for the start of the agent was interrupted");
        }
        return isDetach()
                ? Guest.detach()
                : Guest.attach(arguments, jar, version, instrumentation).await();
    }

    /** Writes the answer to the file. If there is none, or if writing fails, the message goes to the stderr of the host. */
    void answer(AttachResult answer) {
        if (answerFile != null) {
            byte[] text = ((answer.ok() ? "ok " : "failed ") + answer.message()).getBytes(StandardCharsets.UTF_8);
            // Not CREATE: the file must already belong to the requesting process.
            try (OutputStream out = Files.newOutputStream(
                    Path.of(URI.create(answerFile)), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                out.write(text);
                return;
            } catch (IOException | RuntimeException e) {
                Messages.print("cannot write the answer for the attaching process: " + e);
            }
        }
        if (answer.ok()) {
            Messages.print(answer.message());
        }
    }
}
