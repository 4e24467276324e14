package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.GivenValue;
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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "user",
        description = {
            "Asks for a password and prints a line for the users file.",
            "The line contains only the hash of the password. Without a terminal, the password is the first line of"
                    + " the standard input."
        })
final class UserCommand implements Callable<Integer> {
    private static final int SHORTEST_PASSWORD = 12;
    private static final int LONGEST_LINE = 4096;

    private final CommandContext context;

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the user")
    private String name = "";

    @Parameters(index = "1", paramLabel = "ROLE", description = "reader or operator")
    private String role = "";

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "For scripts: a file whose first line is the password, and which only this account can read")
    private @Nullable String passwordFile;

    UserCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws StartException {
        if (name.equals("operator") || name.startsWith("#") || !name.matches("[^\\s:]+")) {
            throw new UsageException("'" + name + "' is not a valid user name; use one without spaces and colons that"
                    + " does not start with # and is not operator, which is the name of the token.");
        }
        Role checked = Role.of(role)
                .orElseThrow(() -> new UsageException("Unknown role '" + role + "'; use reader or operator."));
        char[] password = password();
        if (password.length < SHORTEST_PASSWORD) {
            throw new UsageException("The password is too short; use at least " + SHORTEST_PASSWORD + " characters.");
        }
        context.out().println(name + " " + checked.text() + " " + PasswordHash.of(password));
        Arrays.fill(password, ' ');
        return ExitCode.OK;
    }

    private char[] password() throws StartException {
        if (passwordFile != null) {
            return firstLine(new GivenValue("--password-file", passwordFile).path());
        }
        Console console = context.console().get();
        return console == null ? firstLine(context.in()) : twice(console, name);
    }

    private static char[] firstLine(Path file) throws StartException {
        String label = "The password file " + file;
        try {
            String text = TrustedFile.of(file, label, Privacy.SECRET).text();
            return text.lines().findFirst().orElse("").toCharArray();
        } catch (FileRefusedException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new StartException(label + " cannot be read: " + e + ".", e);
        }
    }

    /** Reads byte by byte, since the input after the line may never end. */
    private static char[] firstLine(InputStream in) throws StartException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
                if (line.size() == LONGEST_LINE) {
                    throw new UsageException("The first line of the input is longer than " + LONGEST_LINE
                            + " bytes, which is too long for a password.");
                }
                line.write(next);
            }
            String text = FileText.decodeUtf8(line.toByteArray(), "The password in the standard input");
            return (text.endsWith("\r") ? text.substring(0, text.length() - 1) : text).toCharArray();
        } catch (FileRefusedException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        } catch (UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new StartException("Cannot read the password from the standard input: " + e + ".", e);
        }
    }

    private static char[] twice(Console console, String name) throws UsageException {
        char[] first = console.readPassword("Password of %s: ", name);
        char[] second = console.readPassword("Again: ");
        if (first == null || !Arrays.equals(first, second)) {
            throw new UsageException("The two passwords differ. Try again.");
        }
        return first;
    }
}
