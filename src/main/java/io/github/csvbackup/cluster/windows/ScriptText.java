package io.github.csvbackup.cluster.windows;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the scripts for {@link WindowsPowerShell} print: texts in ASCII with escapes, and times. */
final class ScriptText {
    /** CIM datetime: local time with microseconds, and its offset from UTC in minutes. */
    private static final Pattern DATE_TIME =
            Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(\\d{2})(\\d{2})(\\d{2})\\.(\\d{6})([+-]\\d{3})");

    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:\\\\|u([0-9a-f]{4}))");

    /**
     * Defines {@code w}, which prints a line in pieces: the last ends with a full stop, the others with a plus sign. PowerShell 2.0 wraps what is
     * wider than its console (seen by others: github.com/dotnet/coreclr, pull request 58).
     */
    static final String WRITE_LINES = "function w($line) { for ($i=0; $line.Length-$i -gt 70; $i+=70) {"
            + " $line.Substring($i,70)+'+' }; $line.Substring($i)+'.' };";

    private ScriptText() {}

    /**
     * A script that prints what its body prints, or the error. Its function {@code e} writes a value as {@link #unescape} reads it. It works in
     * PowerShell 2.0 and in constrained language if the body does: cmdlets, properties, texts, characters and numbers only.
     */
    static String script(String body) {
        return "$ErrorActionPreference='Stop'; function e($text) { $text=[string]$text -replace '\\\\','\\\\';"
                + " if ($text -cnotmatch '[^ -~]') { $text } else { -join $(foreach ($c in [char[]]$text) {"
                + " if ([int]$c -ge 32 -and [int]$c -lt 127) { $c } else { '\\u{0:x4}' -f [int]$c } }) } };"
                + " try { " + body + " }"
                + " catch { 'error='+(e $_.Exception.Message); 'hresult='+$_.Exception.HResult;"
                + " 'wmi='+$_.Exception.ErrorCode; exit 3 }";
    }

    /**
     * The script escapes everything except printable ASCII, because a child's output uses the code page of its console. Two backslashes
     * stand for one; a backslash, a {@code u} and four hexadecimal digits stand for a UTF-16 unit.
     *
     * @throws MalformedListException at any other backslash
     */
    static String unescape(String text) throws MalformedListException {
        StringBuilder plain = new StringBuilder(text.length());
        Matcher escape = ESCAPE.matcher(text);
        int next = 0;
        while (next < text.length()) {
            if (text.charAt(next) != '\\') {
                plain.append(text.charAt(next++));
                continue;
            }
            if (!escape.region(next, text.length()).lookingAt()) {
                throw new MalformedListException("\"" + shown(text) + "\" has a backslash that escapes nothing");
            }
            String unit = escape.group(1);
            plain.append(unit == null ? '\\' : (char) Integer.parseInt(unit, 16));
            next = escape.end();
        }
        return plain.toString();
    }

    /** The lines that {@link #WRITE_LINES} printed. */
    static List<String> joined(String output) throws MalformedListException {
        List<String> whole = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String piece : output.lines().toList()) {
            if (piece.isEmpty()) {
                continue;
            }
            int last = piece.length() - 1;
            if (piece.charAt(last) != '.' && piece.charAt(last) != '+') {
                throw new MalformedListException("the line \"" + shown(piece) + "\" has no end");
            }
            line.append(piece, 0, last);
            if (piece.charAt(last) == '.') {
                whole.add(line.toString());
                line.setLength(0);
            }
        }
        if (line.length() > 0) {
            throw new MalformedListException("the line \"" + shown(line.toString()) + "\" has no end");
        }
        return whole;
    }

    /** The value of a CIM datetime. */
    static Instant time(String value) throws MalformedListException {
        Matcher matcher = DATE_TIME.matcher(value);
        if (!matcher.matches()) {
            throw new MalformedListException("\"" + shown(value) + "\" is not a time");
        }
        int[] part = new int[8];
        for (int i = 0; i < part.length; i++) {
            part[i] = Integer.parseInt(matcher.group(i + 1));
        }
        try {
            return LocalDateTime.of(part[0], part[1], part[2], part[3], part[4], part[5], part[6] * 1000)
                    .toInstant(ZoneOffset.ofTotalSeconds(part[7] * 60));
        } catch (DateTimeException e) {
            throw new MalformedListException("\"" + value + "\" is not a time: " + e.getMessage());
        }
    }

    /** The beginning of a text, for a message. */
    static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
