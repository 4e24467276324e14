package io.github.csvbackup.audit;

import io.github.csvbackup.audit.ChainLine.End;
import io.github.csvbackup.text.OutsideText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks each line against the one before it, and the end of the audit against {@link AuditHead}. Not thread-safe. */
final class Verifier implements AuditChain.Reader {
    private static final int MOST_PROBLEMS = 20;

    private final @Nullable Mark expected;
    private final List<String> problems = new ArrayList<>();
    private final Set<Mark> retired = new HashSet<>();
    private long moreProblems;
    private long lines;
    private Mark newest = Mark.NONE;
    /** The line before the first one, according to the first one. */
    private Mark beforeFirst = Mark.NONE;

    private boolean expectedIsThere;
    private @Nullable Path fileWithCarriageReturns;
    private @Nullable ChainLine last;

    Verifier(@Nullable Mark expected) {
        this.expected = expected;
    }

    @Override
    public void line(ChainLine line) {
        ChainLine before = last;
        if (before != null && before.end() == End.NONE) {
            problem(where(before) + "the line feed at its end is missing");
        }
        if (line.end() == End.CARRIAGE_RETURN_LINE_FEED && !line.file().equals(fileWithCarriageReturns)) {
            fileWithCarriageReturns = line.file();
            problem(where(line) + "it ends in CR LF, but the agent writes LF only: an editor or a transfer changed the"
                    + " file");
        }
        AuditRecord record = line.record();
        if (record == null) {
            problem(where(line) + "it is not a JSON object: it was damaged, or a crash cut it off");
            newest = line.mark(newest.number() + 1);
        } else {
            check(where(line), record);
            newest = line.mark(record.number() == 0 ? newest.number() + 1 : record.number());
            note(record);
        }
        lines++;
        last = line;
        expectedIsThere |= newest.equals(expected);
    }

    private void check(String where, AuditRecord record) {
        long number = newest.number() + 1;
        if (lines == 0 && record.number() > 0) {
            beforeFirst = record.before();
        } else if (record.number() != number) {
            problem(where + "its number is " + record.fields().get("number") + " but should be " + number
                    + "; lines were removed or added before it");
        } else if (!record.text("previous").equals(newest.hash())) {
            problem(where + "it does not contain the hash of the line before it, which was changed or removed");
        }
        if (record.text("kind").equals(AuditKinds.MISMATCH)) {
            problem(where + "the agent reported: " + record.text("message"));
        }
    }

    private void note(AuditRecord record) {
        if (record.text("kind").equals(AuditKinds.RETIRED)) {
            Mark.parse(record.text("last")).ifPresent(retired::add);
        }
    }

    private static String where(ChainLine line) {
        return line.file().getFileName() + ", line " + line.position() + ": ";
    }

    private void problem(String text) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(OutsideText.bounded(text, OutsideText.LONGEST));
        } else {
            moreProblems++;
        }
    }

    Verification result(AuditTail tail, AuditHead head) {
        if (lines > 0 && !beforeFirst.equals(Mark.NONE) && !retired.contains(beforeFirst)) {
            problems.add(
                    0,
                    "its first line, which is number " + (beforeFirst.number() + 1)
                            + ": the lines before it were removed, but no line says that the agent did this");
        }
        if (lines == 0) {
            problem(
                    "its beginning: it has no lines. Each start of an agent writes one, so either no agent has started here yet, or"
                            + " all lines were removed");
        } else {
            end(tail, head);
        }
        comparison().ifPresent(this::problem);
        if (moreProblems > 0) {
            problems.add(moreProblems + " more places");
        }
        return new Verification(lines, newest, problems);
    }

    private void end(AuditTail tail, AuditHead head) {
        AuditHead.Fit fit = head.fit(tail);
        ChainLine line = last;
        if (fit.unfinished()) {
            return; // the check of that line reports it
        }
        if (line != null && line.end() == End.NONE) {
            problem(where(line) + "the line feed at its end is missing");
        }
        if (fit.mismatch() != null) {
            problem("its end: " + fit.mismatch());
        }
    }

    private Optional<String> comparison() {
        if (expected == null || expectedIsThere || retired.contains(expected)) {
            return Optional.empty();
        }
        String line = "line " + expected.number() + ", which was noted elsewhere: ";
        if (expected.number() > newest.number()) {
            return Optional.of(line + "the audit ends at " + newest.number() + ", so lines at its end were removed");
        }
        return Optional.of(
                expected.number() <= beforeFirst.number()
                        ? line + "it cannot be compared, since the oldest remaining line is "
                                + (beforeFirst.number() + 1)
                        : line + "it has a different hash now, so it or a line before it was changed");
    }
}
