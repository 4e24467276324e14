package io.github.csvbackup.http;

import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.PasswordHash;
import io.github.csvbackup.security.Passwords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;

/** A reader and an operator with the same password. */
public final class TestUsers {
    public static final String READER = "reader-ann";
    public static final String OPERATOR = "operator-bob";
    public static final String PASSWORD = "a long password";

    private TestUsers() {}

    /** Writes the users file. */
    public static Path file(Path folder) throws IOException {
        PasswordHash hash = PasswordHash.of(PASSWORD.toCharArray());
        return PrivateFile.write(
                folder.resolve("users"), READER + " reader " + hash + "\n" + OPERATOR + " operator " + hash + "\n");
    }

    static Passwords passwords(Path folder) throws IOException {
        return new Passwords(file(folder), new FileStatus(Clock.systemUTC()));
    }

    /** The Authorization header of a user. */
    public static String authorization(String name) {
        return basic(name, PASSWORD);
    }

    /** The Authorization header for a name and a password. */
    public static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
