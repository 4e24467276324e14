package io.github.csvbackup.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import java.util.UUID;

/** The secret that lets its bearer clear: in a file of the state directory that only its owner can read. */
public final class OperatorToken {
    public static final String FILE = "operator.token";

    private static final int BYTES = 32;
    private static final int LENGTH = 43;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private OperatorToken() {}

    /**
     * The token of that directory; created at the first call.
     *
     * @throws StateException if the file cannot be read, others can read it, or it holds no token
     */
    public static String of(StateDirectory directory) throws StateException {
        Path file = directory.path().resolve(FILE);
        DirectoryRights rights = DirectoryRights.of(file);
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                create(file, rights);
            }
            return read(file, rights);
        } catch (StateException e) {
            throw e;
        } catch (IOException e) {
            throw new StateException("The operator's token " + file + " cannot be read or written: " + e + ".", e);
        }
    }

    private static String read(Path file, DirectoryRights rights) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new StateException(
                    "The operator's token " + file + " is not a regular file; delete it and start again.");
        }
        UserPrincipal owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
        if (rights.isReadableByOthers(file, owner)) {
            throw new StateException(
                    "The operator's token " + file + " can be read by others; delete it to get a new one, or"
                            + " keep it and close it with: " + rights.closeToOthers(file, owner));
        }
        String token = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        boolean plain = token.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0);
        if (!plain || token.length() < LENGTH) {
            throw new StateException("The operator's token " + file + " holds no token of at least " + LENGTH
                    + " letters, digits, - and _; delete it and start again to get a new one.");
        }
        return token;
    }

    /** Whole or not at all: written beside and moved, so that a crash leaves no half token. */
    private static void create(Path file, DirectoryRights rights) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Path beside = file.resolveSibling("." + FILE + "." + UUID.randomUUID());
        try {
            try (FileChannel channel = FileChannel.open(
                    beside, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), rights.ofNewFile())) {
                ByteBuffer bytes = ByteBuffer.wrap((token + "\n").getBytes(StandardCharsets.US_ASCII));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
