package io.github.csvbackup.model;

/** Where the agent ends in the middle of something. */
final class PlannedCrash {
    /** What the agent is about to write when it ends, in its next clear. */
    enum Point {
        FIRST_LINE,
        SECOND_LINE,
        /** The file with all that the agent must know after a restart. */
        MEMORY
    }

    /** Whether the audit line at which the agent ends gets written. */
    enum Timing {
        BEFORE_WRITING,
        /** The agent also ends a second time, while it reports what the first end left behind. */
        AFTER_WRITING_AND_AGAIN
    }

    /** The agent ends. */
    static final class Crash extends Error {
        private static final long serialVersionUID = 1;
    }

    private Timing timing = Timing.BEFORE_WRITING;
    /** The agent ends at this line of the next clear, counted from here; 0 for no line. */
    private int linesToGo;

    private boolean atMemory;
    private boolean inNextLook;

    void inNextClear(Point point, Timing when) {
        atMemory = point == Point.MEMORY;
        linesToGo = switch (point) {
            case FIRST_LINE -> 1;
            case SECOND_LINE -> 2;
            case MEMORY -> 0;
        };
        timing = when;
    }

    void inNextLook(Timing when) {
        inNextLook = true;
        timing = when;
    }

    /** The first end is over: only the second, if there is one, is still to come. */
    void happened() {
        none();
        linesToGo = isTwice() ? 1 : 0;
    }

    void none() {
        linesToGo = 0;
        atMemory = false;
        inNextLook = false;
    }

    boolean isTwice() {
        return timing == Timing.AFTER_WRITING_AND_AGAIN;
    }

    boolean losesTheLine() {
        return timing == Timing.BEFORE_WRITING;
    }

    /** True if the agent ends at this line, the next of a clear. */
    boolean endsAtLineOfClear() {
        return linesToGo > 0 && --linesToGo == 0;
    }

    /** True if the agent ends as it writes what a look after its clears found. */
    boolean endsAtLineOfLook() {
        return inNextLook;
    }

    boolean endsAtMemory() {
        return atMemory;
    }
}
