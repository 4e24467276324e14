package io.github.csvbackup.files;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Files that only their owner can read, as required for secrets. */
public final class PrivateFile {
    private PrivateFile() {}

    /** Writes the text in UTF-8; replaces the content. */
    public static Path write(Path file, String text) throws IOException {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes the text in another encoding. */
    public static Path write(Path file, String text, Charset charset) throws IOException {
        return write(file, text.getBytes(charset));
    }

    /** Writes the bytes; replaces the content. */
    public static Path write(Path file, byte[] bytes) throws IOException {
        Files.write(file, bytes);
        return close(file);
    }

    /** Removes the permissions of others. */
    public static Path close(Path file) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(
                    file, Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
        }
        return file;
    }
}
