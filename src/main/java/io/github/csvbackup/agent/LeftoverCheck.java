package io.github.csvbackup.agent;

import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.Finding.Result;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.Problem;
import java.time.Instant;

/** What the self test says about the question for leftovers. */
final class LeftoverCheck {
    private static final String CHECK = "leftovers";

    private LeftoverCheck() {}

    static Finding of(Leftovers leftovers, Times times) {
        Problem problem = leftovers.problem();
        if (problem != null) {
            return new Finding(CHECK, Result.UNKNOWN, problem.message(), problem.remedy());
        }
        Instant at = leftovers.at();
        String asked = at == null ? "" : ", asked " + times.time(at);
        return switch (leftovers.answer()) {
            case OFF -> found(leftovers, "the option leftover-interval is off");
            case NOT_ASKED -> found(leftovers, "this node was not asked yet");
            case NO_HYPER_V -> found(leftovers, "this node has no Hyper-V" + asked);
            case TOLD -> found(leftovers, "this node answered" + asked + listed(leftovers, times));
            case FAILED -> new Finding(CHECK, Result.UNKNOWN, "this node did not answer" + asked, "Run probe.");
        };
    }

    private static String listed(Leftovers leftovers, Times times) {
        Instant listed = leftovers.copiesListed();
        return listed == null
                ? ", no list of its shadow copies of the last four days"
                : ", its shadow copies were listed " + times.time(listed);
    }

    private static Finding found(Leftovers leftovers, String answer) {
        int count = leftovers.found().size();
        return count == 0
                ? Finding.ok(CHECK, answer + "; nothing is known to be left over")
                : new Finding(
                        CHECK,
                        Result.WARNING,
                        answer + "; left over: " + count,
                        "The attribute Leftovers and Get-CsvBackupLeftover show what to do.");
    }
}
