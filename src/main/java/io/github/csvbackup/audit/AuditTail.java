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

/** What is known of a record that was read or written to its end: what its next line needs, and its last lines. */
final class AuditTail {
    private static final int RECENT = 500;

    private final Deque<AuditRecord> recent = new ArrayDeque<>();
    private final Map<String, AuditRecord> unfinished = new LinkedHashMap<>();
    private long lines;
    private String hash = "";

    /** Reads the record of a folder to its end. */
    static AuditTail read(Path folder) throws IOException {
        AuditTail tail = new AuditTail();
        AuditChain.read(folder, (file, number, text, record) -> tail.add(text, record));
        return tail;
    }

    /**
     * Takes the next line.
     *
     * @param record null if the line is no JSON object
     */
    void add(String text, @Nullable AuditRecord record) {
        lines++;
        hash = AuditChain.hash(text);
        if (record == null) {
            return;
        }
        recent.addLast(record);
        if (recent.size() > RECENT) {
            recent.removeFirst();
        }
        String id = record.text("id");
        switch (record.text("kind")) {
            case "intent" -> unfinished.put(id, record);
            case "outcome", "unfinished" -> unfinished.remove(id);
            default -> {}
        }
    }

    /** How many lines there are. */
    long lines() {
        return lines;
    }

    /** The hash of the last line; empty if there is none. */
    String hash() {
        return hash;
    }

    List<AuditRecord> unfinished() {
        return List.copyOf(unfinished.values());
    }

    List<AuditRecord> recent(int most) {
        List<AuditRecord> last = new ArrayList<>(recent);
        return List.copyOf(last.subList(Math.max(0, last.size() - most), last.size()));
    }
}
