package io.github.csvbackup.files;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Files that only their owner can read, as those with secrets must be. */
public final class PrivateFile {
    private PrivateFile() {}

    /** Writes the text in UTF-8, in the place of what is there. */
    public static Path write(Path file, String text) throws IOException {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the text in some encoding. */
    public static Path write(Path file, String text, Charset charset) throws IOException {
        return write(file, text.getBytes(charset));
    }

    /** Writes the bytes, in the place of what is there. */
    public static Path write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        return close(file);
    }

    /** Takes the rights of others away. */
    public static Path close(Path file) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(
                    file, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        }
        return file;
    }
}
