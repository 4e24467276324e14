package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.FileText;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.security.PasswordHash;
import io.github.csvbackup.security.Role;
import java.io.ByteArrayOutputStream;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The command user: prints a line for the users file. */
final class UserCommand {
    private static final int SHORTEST_PASSWORD = 12;
    private static final int LONGEST_LINE = 4096;

    private UserCommand() {}

    /**
     * Asks and prints.
     *
     * @param console null if there is no terminal: then the password is the first line of the input
     */
    static int print(String name, Role role, @Nullable Console console, InputStream in, PrintStream out)
            throws StartException {
        requireName(name);
        return print(name, role, console == null ? firstLine(in) : twice(console, name), out);
    }

    /**
     * Takes the password from a file's first line and prints.
     *
     * @param passwordFile must be the account's own, and unreadable for others
     */
    static int print(String name, Role role, Path passwordFile, PrintStream out) throws StartException {
        requireName(name);
        String label = "The password file " + passwordFile;
        try {
            String text = TrustedFile.of(passwordFile, label, Privacy.SECRET).text();
            return print(name, role, text.lines().findFirst().orElse("").toCharArray(), out);
        } catch (FileRefusedException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StartException(label + " cannot be read: " + e + ".", e);
        }
    }

    private static void requireName(String name) throws UsageException {
        if (name.isEmpty() || name.equals("operator") || name.startsWith("#") || !name.matches("[^\\s:]+")) {
            throw new UsageException(
                    "'" + name
                            + "' cannot be a name; a name has no space and no colon, does not begin with #, and is not operator, which is the token's.");
        }
    }

    private static int print(String name, Role role, char[] password, PrintStream out) throws UsageException {
        if (password.length < SHORTEST_PASSWORD) {
            throw new UsageException("The password is too short; give at least " + SHORTEST_PASSWORD + " characters.");
        }
        out.println(name + " " + role.text() + " " + PasswordHash.of(password));
        Arrays.fill(password, ' ');
        return CommandLine.OK;
    }

    /** Byte by byte: what comes after the line may never end. */
    private static char[] firstLine(InputStream in) throws StartException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                if (line.size() == LONGEST_LINE) {
                    throw new UsageException("The first line of the input is longer than " + LONGEST_LINE
                            + " bytes and cannot be a password.");
                }
                line.write(next);
            }
            String text = FileText.decodeUtf8(line.toByteArray(), "The password in the input");
            return (text.endsWith("\r") ? text.substring(0, text.length() - 1) : text).toCharArray();
        } catch (FileRefusedException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        } catch (UsageException e) {
            throw e;
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
