package io.github.csvbackup.agent.entry;

import org.jspecify.annotations.Nullable;

/**
 * The manifest's Main-Class, compiled for Java 8: an older Java than the agent needs prints one line instead of an error about class files. It may use only
 * what Java 8 has, and must not load another class of ours before the check.
 */
public final class JavaCheck {
    private static final int OLDEST = 17;

    private JavaCheck() {}

    /** Runs {@link Standalone}, unless this Java is too old. */
    public static void main(String[] args) {
        String problem = problem(System.getProperty("java.specification.version"));
        if (problem != null) {
            System.err.println("csv-backup-agent: " + problem);
            System.exit(1);
        }
        Standalone.main(args);
    }

    /** @param version such as 1.8, 11 or 17; the check passes if it is not known */
    static @Nullable String problem(@Nullable String version) {
        try {
            String number = version == null || !version.startsWith("1.") ? version : version.substring(2);
            return number == null || Integer.parseInt(number) >= OLDEST
                    ? null
                    : "This is Java " + number + ". The agent needs a 64-bit Java " + OLDEST
                            + " or newer: give the full path of its java.";
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
