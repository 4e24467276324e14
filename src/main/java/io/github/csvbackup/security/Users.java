package io.github.csvbackup.security;

import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.FileText;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The users file: lines of the form {@code NAME ROLE PASSWORD}. Empty lines and lines that begin with {@code #} are ignored. */
final class Users {
    /**
     * One user.
     *
     * @param line the line of the file
     */
    record User(Identity identity, PasswordHash password, String line) {}

    private static final int LARGEST = 1024 * 1024;

    private final Map<String, User> byName;

    private Users(Map<String, User> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** Reads a users file for a {@link ReloadingFile}. */
    static ReloadingFile.Loader<Users> loader(Path file) {
        return new ReloadingFile.Loader<>() {
            @Override
            public ReloadingFile.Loaded<Users> load(@Nullable Users before) throws IOException {
                return read(file, before);
            }

            @Override
            public void verify() throws IOException {
                trusted(file).check();
            }
        };
    }

    private static TrustedFile trusted(Path file) throws IOException {
        return TrustedFile.of(file, "The users file " + file, Privacy.SECRET);
    }

    /**
     * Reads the file. If a line is invalid, only those previous users remain whose line is still in the file: removed users lose their access, and new
     * users do not get any.
     */
    private static ReloadingFile.Loaded<Users> read(Path file, @Nullable Users before) throws IOException {
        Map<String, String> lines;
        try {
            lines = lines(trusted(file).text());
        } catch (FileRefusedException e) {
            if (before == null) {
                throw e;
            }
            // Others may have written it, so it adds no users; but it still removes users.
            return new ReloadingFile.Loaded<>(before.remaining(lines(untrusted(file, e))), e.getMessage());
        }
        String problem = null;
        Map<String, User> users = new LinkedHashMap<>();
        for (Map.Entry<String, String> line : lines.entrySet()) {
            if (problem == null) {
                problem = add(users, line.getValue(), file + " line " + line.getKey());
            }
        }
        if (problem == null && users.isEmpty()) {
            problem = "The users file " + file
                    + " contains no users. Add a line for each user with the command: user NAME reader|operator.";
        }
        Users now = problem == null || before == null ? new Users(users) : before.remaining(lines);
        // If the users are the same, their proven passwords stay valid.
        return new ReloadingFile.Loaded<>(before != null && before.lines().equals(now.lines()) ? before : now, problem);
    }

    private static String untrusted(Path file, FileRefusedException refused) throws FileRefusedException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return FileText.decode(in.readNBytes(LARGEST), String.valueOf(refused.getMessage()));
        } catch (IOException e) {
            refused.addSuppressed(e);
            throw refused;
        }
    }

    private Users remaining(Map<String, String> lines) {
        return new Users(byName.entrySet().stream()
                .filter(user -> lines.containsValue(user.getValue().line()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private Map<String, String> lines() {
        return byName.values().stream()
                .collect(Collectors.toMap(user -> user.identity().name(), User::line));
    }

    /** The lines by their number, without ignored lines. */
    private static Map<String, String> lines(String text) {
        Map<String, String> found = new LinkedHashMap<>();
        String[] lines = text.split("\r\n|\n|\r", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                found.put(Integer.toString(i + 1), line);
            }
        }
        return found;
    }

    /** Returns a message for users if the line is invalid, otherwise null. */
    private static @Nullable String add(Map<String, User> users, String line, String where) {
        String[] words = line.split("\\s+", -1);
        Role role = words.length == 3 ? Role.of(words[1]).orElse(null) : null;
        if (role == null) {
            return "The users file is not valid at " + where + ": a line must be NAME, reader or operator, and the hash"
                    + " of the password; the command user creates one.";
        }
        String name = words[0];
        if (name.indexOf(':') >= 0 || name.equals("operator")) {
            return "The users file is not valid at " + where + ": the name \"" + name
                    + "\" is not allowed; a name has no colon and is not operator, which is the name of the token.";
        }
        try {
            User user = new User(new Identity(name, role), PasswordHash.parse(words[2]), line);
            return users.put(name, user) == null
                    ? null
                    : "The users file is not valid at " + where + ": " + name + " is there twice; keep one line.";
        } catch (IllegalArgumentException e) {
            return "The users file is not valid at " + where + ": " + e.getMessage() + ".";
        }
    }

    /** Null if there is no user with this name. */
    @Nullable
    User user(String name) {
        return byName.get(name);
    }
}
