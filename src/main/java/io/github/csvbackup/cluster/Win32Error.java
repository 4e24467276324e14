package io.github.csvbackup.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Win32 error code with what is known about it. The table is the resource {@code win32-errors.tsv}; numbers, symbols and texts
 * are those of winerror.h.
 *
 * @param code the number
 * @param symbol such as {@code ERROR_ACCESS_DENIED}
 * @param text the system's text
 * @param listed whether the table has the code
 * @param reading what the agent does when a read fails with it
 * @param clearing the outcome of a clear that fails with it
 * @param remedy what a person should do: a sentence
 */
public record Win32Error(
        int code, String symbol, String text, boolean listed, Reading reading, Clearing clearing, String remedy) {
    public static final int ACCESS_DENIED = 5;
    public static final int INVALID_PARAMETER = 87;
    /** EPT_S_NOT_REGISTERED: the answer of a Cluster service that is down. */
    public static final int NO_ENDPOINT = 1753;

    public static final int RESOURCE_NOT_ONLINE = 5004;
    public static final int RESOURCE_NOT_FOUND = 5007;

    /** What the agent does when a read fails. */
    public enum Reading {
        /** Report it; the handles stay. */
        FAIL,
        /** Close all handles, open new ones and read once more ([MS-CMRP] 3.2.4.6). */
        REOPEN,
        /** Read again into a larger buffer, within a bound. */
        GROW,
        /** The end of an enumeration; elsewhere a failure. */
        END
    }

    /** The outcome of a clear that fails. */
    public enum Clearing {
        /** It did not take effect. */
        FAILED,
        /** It broke off and may have taken effect. */
        UNKNOWN
    }

    /** The table's row for a code, or a row for an unlisted code. Never null. */
    public static Win32Error of(int code) {
        Win32Error known = Table.ROWS.get(code);
        return known != null
                ? known
                : new Win32Error(
                        code,
                        "code " + code,
                        "unknown text",
                        false,
                        Reading.FAIL,
                        Clearing.FAILED,
                        "Look the code up with: net helpmsg " + code + ".");
    }

    /** All rows, by ascending code. */
    public static Collection<Win32Error> all() {
        return Table.ROWS.values();
    }

    /** {@code ERROR_ACCESS_DENIED (5): Access is denied.} */
    @Override
    public String toString() {
        return listed
                ? symbol + " (" + code + "): " + text
                : "Win32 error " + code + ", which the agent's table does not list";
    }

    /** Loaded at the first error. */
    private static final class Table {
        static final Map<Integer, Win32Error> ROWS = Collections.unmodifiableMap(load());

        private static Map<Integer, Win32Error> load() {
            try (InputStream in = Win32Error.class.getResourceAsStream("win32-errors.tsv")) {
                if (in == null) {
                    throw new IllegalStateException("the resource win32-errors.tsv is missing from the jar");
                }
                Map<Integer, Win32Error> rows = new TreeMap<>();
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isBlank() && !line.startsWith("#")) {
                        Win32Error row = parse(line);
                        rows.put(row.code(), row);
                    }
                }
                return rows;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Win32Error parse(String line) {
            String[] cells = line.split("\t", -1);
            return new Win32Error(
                    Integer.parseInt(cells[0]),
                    cells[1],
                    cells[2],
                    true,
                    Reading.valueOf(cells[3]),
                    Clearing.valueOf(cells[4]),
                    cells[5]);
        }
    }
}
