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

/** The users file: one {@code NAME ROLE PASSWORD} a line; empty lines and those that begin with {@code #} are ignored. */
final class Users {
    /**
     * One user.
     *
     * @param line as the file has it
     */
    record User(Identity identity, PasswordHash password, String line) {}

    private static final int LARGEST = 1024 * 1024;

    private final Map<String, User> byName;

    private Users(Map<String, User> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** How {@link ReloadingFile} reads a users file. */
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
     * Reads the file. If a line in it is wrong, only those users are left that were there before and whose line still is: whoever was removed stays
     * out, and nobody new comes in.
     */
    private static ReloadingFile.Loaded<Users> read(Path file, @Nullable Users before) throws IOException {
        Map<String, String> lines;
        try {
            lines = lines(trusted(file).text());
        } catch (FileRefusedException e) {
            if (before == null) {
                throw e;
            }
            // What others may have written lets nobody in; and whoever was taken out stays out.
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
                    + " names nobody. Add a line for each with the command: user NAME reader|operator.";
        }
        Users now = problem == null || before == null ? new Users(users) : before.remaining(lines);
        // The same users keep what they have proven.
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

    /** By number, without those that are ignored. */
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

    /** A sentence if the line is wrong, or null. */
    private static @Nullable String add(Map<String, User> users, String line, String where) {
        String[] words = line.split("\\s+", -1);
        Role role = words.length == 3 ? Role.of(words[1]).orElse(null) : null;
        if (role == null) {
            return "The users file is wrong at " + where
                    + ": a line is NAME, then reader or operator, then the password's hash; the command user makes one.";
        }
        String name = words[0];
        if (name.indexOf(':') >= 0 || name.equals("operator")) {
            return "The users file is wrong at " + where + ": the name \"" + name
                    + "\" may not be used; operator is the token's, and a colon ends a name.";
        }
        try {
            User user = new User(new Identity(name, role), PasswordHash.parse(words[2]), line);
            return users.put(name, user) == null
                    ? null
                    : "The users file is wrong at " + where + ": " + name + " is there twice.";
        } catch (IllegalArgumentException e) {
            return "The users file is wrong at " + where + ": " + e.getMessage() + ".";
        }
    }

    /** Null if there is no such user. */
    @Nullable
    User user(String name) {
        return byName.get(name);
    }
}
