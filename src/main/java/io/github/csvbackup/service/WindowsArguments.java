package io.github.csvbackup.service;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line as one text, by the rules of CommandLineToArgvW and of the Java launcher ("Parsing C command-line arguments" in Microsoft's
 * documentation): backslashes are special only before a quotation mark.
 */
public final class WindowsArguments {
    private WindowsArguments() {}

    /** The text that {@link #split} and Windows read as these arguments. */
    public static String join(List<String> arguments) {
        StringBuilder line = new StringBuilder();
        for (String argument : arguments) {
            if (line.length() > 0) {
                line.append(' ');
            }
            if (isPlain(argument)) {
                line.append(argument);
            } else {
                quote(line, argument);
            }
        }
        return line.toString();
    }

    /** Others may need quotation marks: the Java launcher would also expand the wildcards of an argument without them. */
    private static boolean isPlain(String argument) {
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && "-+=:.,/\\_".indexOf(c) < 0) {
                return false;
            }
        }
        return !argument.isEmpty();
    }

    private static void quote(StringBuilder line, String argument) {
        line.append('"');
        int backslashes = 0;
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (c == '"') {
                line.append("\\".repeat(backslashes + 1));
            }
            backslashes = c == '\\' ? backslashes + 1 : 0;
            line.append(c);
        }
        line.append("\\".repeat(backslashes)).append('"');
    }

    /** The arguments of a command line, of which the first is a program: there, backslashes are never special. */
    public static List<String> split(String line) {
        List<String> arguments = new ArrayList<>();
        String text = line.strip();
        int at = 0;
        if (text.startsWith("\"")) {
            int end = text.indexOf('"', 1);
            arguments.add(text.substring(1, end < 0 ? text.length() : end));
            at = end < 0 ? text.length() : end + 1;
        } else {
            while (at < text.length() && !isSpace(text.charAt(at))) {
                at++;
            }
            arguments.add(text.substring(0, at));
        }
        while (at < text.length()) {
            if (isSpace(text.charAt(at))) {
                at++;
            } else {
                StringBuilder argument = new StringBuilder();
                at = next(text, at, argument);
                arguments.add(argument.toString());
            }
        }
        return arguments;
    }

    /** Reads one argument, and returns where it ends. */
    private static int next(String text, int start, StringBuilder argument) {
        boolean quoted = false;
        int at = start;
        while (at < text.length() && (quoted || !isSpace(text.charAt(at)))) {
            int backslashes = 0;
            while (at < text.length() && text.charAt(at) == '\\') {
                backslashes++;
                at++;
            }
            boolean quote = at < text.length() && text.charAt(at) == '"';
            argument.append("\\".repeat(quote ? backslashes / 2 : backslashes));
            if (quote && backslashes % 2 == 0) {
                quoted = !quoted;
                at++;
            } else if (quote || backslashes == 0) {
                argument.append(text.charAt(at));
                at++;
            }
        }
        return at;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
