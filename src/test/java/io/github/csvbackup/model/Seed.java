package io.github.csvbackup.model;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The seed of the random stories and snapshots: always the same, unless a system property asks for another. */
public final class Seed {
    static final String PROPERTY = "csvbackup.model.seed";
    static final long FIXED = 42;

    /** One for all tests of a JVM, so that those of ModelIT together play a million steps of one seed. */
    private static final long DRAWN = ThreadLocalRandom.current().nextLong();

    private Seed() {}

    public static long chosen() {
        return chosenBy(System.getProperty(PROPERTY));
    }

    static long chosenBy(@Nullable String property) {
        if (property == null) {
            return FIXED;
        }
        if (property.equals("random")) {
            return DRAWN;
        }
        try {
            return Long.parseLong(property);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "-D" + PROPERTY + "=" + property + ": give a whole number of 64 bits, or random.", e);
        }
    }

    /** How to run with this seed again. */
    public static String option(long seed) {
        return "-D" + PROPERTY + "=" + seed;
    }
}
