package io.github.csvbackup.agent.entry;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The request of an attaching process. Its first line may be {@code @} and a file of that process, which receives the answer, since an attach itself
 * can only confirm that the request arrived.
 */
record AttachRequest(@Nullable String answerFile, String arguments) {

    static AttachRequest parse(String text) {
        int end = text.indexOf('\n');
        if (end < 0 || text.charAt(0) != '@') {
            return new AttachRequest(null, text);
        }
        return new AttachRequest(text.substring(1, end), text.substring(end + 1));
    }

    boolean isDetach() {
        return arguments.equals("detach");
    }

    /** Writes the answer to the file. If there is none, or if writing fails, the message goes to the stderr of the host. */
    void answer(AttachResult answer) {
        if (answerFile != null) {
            byte[] text = ((answer.ok() ? "ok " : "failed ") + answer.message()).getBytes(StandardCharsets.UTF_8);
            // Not CREATE: the file must already belong to the requesting process.
            try (OutputStream out =
                    Files.newOutputStream(Path.of(answerFile), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                out.write(text);
                return;
            } catch (IOException | java.nio.file.InvalidPathException | SecurityException e) {
                Messages.print("cannot write the answer for the attaching process: " + e);
            }
        }
        if (answer.ok()) {
            Messages.print(answer.message());
        }
    }
}
