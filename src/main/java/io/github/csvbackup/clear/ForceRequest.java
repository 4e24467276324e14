package io.github.csvbackup.clear;

import io.github.csvbackup.text.OutsideText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request to override the guard.
 *
 * @param volume the volume's name, typed again; null if it was left out
 * @param reason why, for the audit; null if it was left out
 */
record ForceRequest(@Nullable String volume, @Nullable String reason) {
    private static final int SHORTEST_REASON = 10;
    private static final int LONGEST_TYPED_SHOWN = 200;

    static final String SWITCHED_OFF =
            "forceClear is switched off. Only an administrator can allow it: set allow-force=true and "
                    + "restart the agent.";

    /**
     * Why the request is not valid, as a sentence; empty if it is.
     *
     * @param name the name of the path's volume
     */
    Optional<String> objection(String name) {
        String typed = volume == null ? "" : volume;
        if (!isSame(typed, name) && !isSame(typed.strip(), name)) {
            String shown = OutsideText.printable(OutsideText.bounded(typed.strip(), LONGEST_TYPED_SHOWN));
            return Optional.of("The volume was typed as \"" + shown + "\", but the path is on " + name
                    + ". Type the volume's " + (name.startsWith("\\\\?\\") ? "GUID name" : "friendly path")
                    + " again, exactly.");
        }
        int length = reason == null ? 0 : reason.strip().length();
        if (length < SHORTEST_REASON) {
            return Optional.of("The reason is too short. Use at least " + SHORTEST_REASON
                    + " characters. The reason is written to the audit.");
        }
        if (length > OutsideText.LONGEST) {
            return Optional.of("The reason is too long. Use at most " + OutsideText.LONGEST + " characters.");
        }
        return Optional.empty();
    }

    private static boolean isSame(String typed, String name) {
        return bare(typed).equals(bare(name));
    }

    private static String bare(String name) {
        return VolumePath.fold(name.endsWith("\\") ? name.substring(0, name.length() - 1) : name);
    }

    /** The reason on one line and without control characters: people read it in tables. */
    String reasonText() {
        return reason == null ? "" : OutsideText.printable(reason.strip());
    }
}
