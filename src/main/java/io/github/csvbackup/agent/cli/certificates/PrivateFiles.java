package io.github.csvbackup.agent.cli.certificates;

import io.github.csvbackup.files.FileRights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;

/** New files and folders that others can neither read nor change. */
record PrivateFiles(FileRights rights) {
    private static final int PASSWORD_BYTES = 24;

    static PrivateFiles at(Path folder) throws IOException {
        return new PrivateFiles(FileRights.of(folder));
    }

    Path folder(Path folder) throws IOException {
        return Files.createDirectory(folder, rights.ofNewDirectory());
    }

    /** Never replaces a file. When this returns, the content is on the disk. */
    void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights.ofNewFile())) {
            ByteBuffer bytes = ByteBuffer.wrap(content);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    /** Copies a file that keytool wrote with its own permissions. */
    void copy(Path from, Path to) throws IOException {
        write(to, Files.readAllBytes(from));
    }

    /** Creates a file with a random password. */
    void writePassword(Path file) throws IOException {
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String text = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        write(file, (text + "\n").getBytes(StandardCharsets.US_ASCII));
    }
}
