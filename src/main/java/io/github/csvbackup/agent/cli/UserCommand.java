package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.security.PasswordHash;
import io.github.csvbackup.security.Role;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The command user: prints a line for the users file. */
final class UserCommand {
    private static final int SHORTEST_PASSWORD = 12;

    private UserCommand() {}

    /**
     * Asks and prints.
     *
     * @param console null if there is no terminal: then the password is the first line of the input
     */
    static int print(String name, Role role, @Nullable Console console, InputStream in, PrintStream out)
            throws StartException {
        if (name.isEmpty() || name.equals("operator") || name.startsWith("#") || !name.matches("[^\\s:]+")) {
            throw new UsageException(
                    "'" + name
                            + "' cannot be a name; a name has no space and no colon, does not begin with #, and is not operator, which is the token's.");
        }
        char[] password = console == null ? firstLine(in) : twice(console, name);
        if (password.length < SHORTEST_PASSWORD) {
            throw new UsageException("The password is too short; give at least " + SHORTEST_PASSWORD + " characters.");
        }
        out.println(name + " " + role.text() + " " + PasswordHash.of(password));
        Arrays.fill(password, ' ');
        return CommandLine.OK;
    }

    private static char[] firstLine(InputStream in) throws StartException {
        try {
            String line = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
            return line == null ? new char[0] : line.toCharArray();
        } catch (IOException e) {
            throw new StartException("The password cannot be read from the input: " + e + ".", e);
        }
    }

    private static char[] twice(Console console, String name) throws UsageException {
        char[] first = console.readPassword("Password of %s: ", name);
        char[] second = console.readPassword("Again: ");
        if (first == null || !Arrays.equals(first, second)) {
            throw new UsageException("The two passwords are not the same. Nothing was printed.");
        }
        return first;
    }
}
