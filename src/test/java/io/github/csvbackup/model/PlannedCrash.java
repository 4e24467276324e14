package io.github.csvbackup.model;

/** The point at which the agent crashes. */
final class PlannedCrash {
    /** What the agent is about to write in its next clear when it crashes. */
    enum Point {
        FIRST_LINE,
        SECOND_LINE,
        /** In a batch, the intent of the second volume. */
        THIRD_LINE,
        /** The state file. */
        MEMORY
    }

    /** Whether the audit line at which the agent crashes gets written. */
    enum Timing {
        BEFORE_WRITING,
        /** The agent also crashes a second time, while it reports what the first crash left behind. */
        AFTER_WRITING_AND_AGAIN
    }

    /** The agent crashes. Neither an exception nor an error, because a real agent cannot catch the end of its process. */
    static final class Crash extends Throwable {
        private static final long serialVersionUID = 1;

        /** Throws it past the compiler. */
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        static <T extends Throwable> RuntimeException now() throws T {
            throw (T) new Crash();
        }

        /** For the compiler: what follows in the same block may crash. */
        static void mayHappen() throws Crash {}
    }

    private Timing timing = Timing.BEFORE_WRITING;
    /** The agent crashes at this line of the next clear, counted from here; 0 for none. */
    private int linesToGo;

    private boolean atMemory;
    private boolean inNextLook;

    void inNextClear(Point point, Timing when) {
        atMemory = point == Point.MEMORY;
        linesToGo = switch (point) {
            case FIRST_LINE -> 1;
            case SECOND_LINE -> 2;
            case THIRD_LINE -> 3;
            case MEMORY -> 0;
        };
        timing = when;
    }

    void inNextLook(Timing when) {
        inNextLook = true;
        timing = when;
    }

    /** The first crash is over: only the second, if any, is left. */
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

    /** True if the agent crashes at this line, the next of a clear. */
    boolean endsAtLineOfClear() {
        return linesToGo > 0 && --linesToGo == 0;
    }

    /** True if the agent crashes while it writes the result of a check after its clears. */
    boolean endsAtLineOfLook() {
        return inNextLook;
    }

    boolean endsAtMemory() {
        return atMemory;
    }
}
