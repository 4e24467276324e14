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
 * What an attaching process asks for. Its first line may be {@code @} and a file that the process made: there goes the
 * answer, since an attach itself can only say that it was heard.
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

    /** Without a file to answer to, or where it cannot be written, the host's stderr gets the words. */
    void answer(AttachResult answer) {
        if (answerFile != null) {
            byte[] text = ((answer.ok() ? "ok " : "failed ") + answer.message()).getBytes(StandardCharsets.UTF_8);
            // Not CREATE: the file is the asking process's, and whoever could not make it does not get one.
            try (OutputStream out =
                    Files.newOutputStream(Path.of(answerFile), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
                out.write(text);
                return;
            } catch (IOException | java.nio.file.InvalidPathException e) {
                Messages.print("cannot answer the attaching process: " + e);
            }
        }
        if (answer.ok()) {
            Messages.print(answer.message());
        }
    }
}
