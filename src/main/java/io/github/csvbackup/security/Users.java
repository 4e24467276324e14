package io.github.csvbackup.security;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The users file: one {@code NAME ROLE PASSWORD} a line, in UTF-8; empty lines and those that begin with {@code #} say nothing. */
final class Users {
    /** One user. */
    record User(Identity identity, PasswordHash password) {}

    private final Map<String, User> byName;

    private Users(Map<String, User> byName) {
        this.byName = byName;
    }

    static Users read(Path file) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new IOException("The users file " + file + " does not exist.", e);
        } catch (CharacterCodingException e) {
            throw new IOException("The users file " + file + " is not UTF-8; save it as UTF-8.", e);
        } catch (IOException e) {
            throw new IOException("The users file " + file + " cannot be read: " + e + ".", e);
        }
        Map<String, User> users = new LinkedHashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (i == 0 && line.startsWith("\uFEFF")) {
                line = line.substring(1).strip();
            }
            if (!line.isEmpty() && !line.startsWith("#")) {
                add(users, line, file + " line " + (i + 1));
            }
        }
        if (users.isEmpty()) {
            throw new IOException("The users file " + file
                    + " names nobody. Add a line for each with the command: user NAME reader|operator.");
        }
        return new Users(Map.copyOf(users));
    }

    private static void add(Map<String, User> users, String line, String where) throws IOException {
        String[] words = line.split("\\s+", -1);
        Role role = words.length == 3 ? Role.of(words[1]).orElse(null) : null;
        if (role == null) {
            throw new IOException(
                    "The users file is wrong at " + where
                            + ": a line is NAME, then reader or operator, then the password's hash; the command user makes one.");
        }
        String name = words[0];
        if (name.indexOf(':') >= 0 || name.equals("operator")) {
            throw new IOException("The users file is wrong at " + where + ": the name \"" + name
                    + "\" may not be used; operator is the token's, and a colon ends a name.");
        }
        try {
            User user = new User(new Identity(name, role), PasswordHash.parse(words[2]));
            if (users.put(name, user) != null) {
                throw new IOException("The users file is wrong at " + where + ": " + name + " is there twice.");
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("The users file is wrong at " + where + ": " + e.getMessage() + ".", e);
        }
    }

    /** Null if there is no such user. */
    @Nullable
    User user(String name) {
        return byName.get(name);
    }
}
