package io.github.csvbackup.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The end of the audit: its last lines, and what the next line needs. Not thread-safe. */
final class AuditTail {
    private static final int RECENT = 500;

    private final Deque<AuditRecord> recent = new ArrayDeque<>();
    private final Deque<Mark> recentMarks = new ArrayDeque<>();
    private final Map<String, AuditRecord> unfinished = new LinkedHashMap<>();
    private Mark newest = Mark.NONE;
    private Mark before = Mark.NONE;
    private long lines;
    private long mismatches;
    private @Nullable String unexplained;
    private @Nullable ChainLine last;

    /** Reads the whole audit of a folder. */
    static AuditTail read(Path folder) throws IOException {
        return read(folder, line -> {});
    }

    /** The same, and passes the lines to another reader. */
    static AuditTail read(Path folder, AuditChain.Reader other) throws IOException {
        AuditTail tail = new AuditTail();
        AuditChain.read(folder, line -> {
            tail.add(line);
            other.line(line);
        });
        return tail;
    }

    private void add(ChainLine line) {
        AuditRecord record = line.record();
        long number = newest.number() + 1;
        if (record != null && record.number() > 0 && (lines == 0 || isMismatch(record))) {
            // Older lines were deleted, or the line follows the one in the head file instead of the one before it.
            number = record.number();
        }
        last = line;
        add(line.mark(number), record);
    }

    private static boolean isMismatch(AuditRecord record) {
        return record.text("kind").equals(AuditKinds.MISMATCH);
    }

    /**
     * Adds the next line.
     *
     * @param record null if the line is not a JSON object
     */
    void add(Mark mark, @Nullable AuditRecord record) {
        lines++;
        before = newest;
        newest = mark;
        recentMarks.addLast(mark);
        if (recentMarks.size() > RECENT) {
            recentMarks.removeFirst();
        }
        if (record != null) {
            add(record.brief());
        }
    }

    private void add(AuditRecord record) {
        recent.addLast(record);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
        String id = record.text("id");
        switch (record.text("kind")) {
            case "intent" -> unfinished.put(id, record);
            case "outcome", "unfinished" -> unfinished.remove(id);
            case AuditKinds.MISMATCH -> {
                mismatches++;
                unexplained = record.text("message");
            }
            case AuditKinds.START -> {
                if (record.text("strict").equals("false")) {
                    unexplained = null;
                }
            }
            default -> {}
        }
    }

    /** The next line will follow this one instead of the last one read. */
    void goOnAfter(Mark mark) {
        newest = mark;
    }

    /** The newest line. */
    Mark newest() {
        return newest;
    }

    /** The line before the newest. */
    Mark before() {
        return before;
    }

    /** The newest line that was read; null if there is none. */
    @Nullable
    ChainLine last() {
        return last;
    }

    /** Whether this is one of the last lines. */
    boolean holds(Mark mark) {
        return recentMarks.contains(mark);
    }

    /** The number of mismatch lines. */
    long mismatches() {
        return mismatches;
    }

    /** The message of the newest mismatch line; null if there is none, or if the agent was started without audit-strict after it. */
    @Nullable
    String unexplained() {
        return unexplained;
    }

    List<AuditRecord> unfinished() {
        return List.copyOf(unfinished.values());
    }

    List<AuditRecord> recent(int most) {
        List<AuditRecord> all = new ArrayList<>(recent);
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }
}
