package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.text.OutsideText;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person types to overrule the guard.
 *
 * @param volume the friendly path, typed again; null if it was left out
 * @param reason why, for the audit; null if it was left out
 */
record ForceRequest(@Nullable String volume, @Nullable String reason) {
    private static final int SHORTEST_REASON = 10;
    private static final int LONGEST_TYPED_SHOWN = 200;

    static final String SWITCHED_OFF =
            "forceClear is switched off. Only an administrator can allow it: set allow-force=true and "
                    + "restart the agent.";

    /** What speaks against taking it for meant, as a sentence. */
    Optional<String> objection(Volume path) {
        String typed = volume == null ? "" : volume.strip();
        String bare = typed.endsWith("\\") ? typed.substring(0, typed.length() - 1) : typed;
        if (!VolumePath.fold(bare).equals(VolumePath.fold(path.friendlyPath()))) {
            String shown = OutsideText.printable(OutsideText.bounded(typed, LONGEST_TYPED_SHOWN));
            return Optional.of("The volume was typed as \"" + shown + "\", but the path is on " + path.friendlyPath()
                    + ". Type the volume's friendly path again, exactly.");
        }
        int length = reason == null ? 0 : reason.strip().length();
        if (length < SHORTEST_REASON) {
            return Optional.of("The reason is too short. Give at least " + SHORTEST_REASON
                    + " characters that explain, for the audit, why the guard is overruled.");
        }
        if (length > OutsideText.LONGEST) {
            return Optional.of("The reason is too long. Give at most " + OutsideText.LONGEST + " characters.");
        }
        return Optional.empty();
    }

    /** The reason, on one line and without what a terminal would obey: people read it in tables. */
    String reasonText() {
        return reason == null ? "" : OutsideText.printable(reason.strip());
    }
}
