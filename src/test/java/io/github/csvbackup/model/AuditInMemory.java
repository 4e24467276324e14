package io.github.csvbackup.model;

import io.github.csvbackup.audit.AuditLine;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.audit.Records;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The audit of the agent under test. It outlives each run of the agent, as the file does. */
final class AuditInMemory {
    static final String INTENT = "intent";
    static final String OUTCOME = "outcome";
    static final String UNFINISHED = "unfinished";
    static final String SUSPECT = "suspect";
    static final String UNCHECKED = "unchecked";

    private final List<AuditLine> lines = new ArrayList<>();
    /** The ids of clears that have a line of a kind. */
    private final Map<String, Set<String>> clears = new HashMap<>();

    void append(AuditLine line) {
        lines.add(line);
        clears.computeIfAbsent(line.kind(), kind -> new HashSet<>()).add(line.id());
    }

    int size() {
        return lines.size();
    }

    /** The lines after the first ones. */
    List<AuditLine> after(int first) {
        return List.copyOf(lines.subList(first, lines.size()));
    }

    /** The volume that a line is about. */
    static VolumeName volume(AuditLine line) {
        return VolumeName.at(text(line, "volume"));
    }

    /** A field of a line; empty if it has none of this name. */
    static String text(AuditLine line, String field) {
        return Objects.toString(line.fields().get(field), "");
    }

    /** The last lines as the agent reads them. */
    List<AuditRecord> recent(int most) {
        return lines.subList(Math.max(0, lines.size() - most), lines.size()).stream()
                .map(Records::asRead)
                .toList();
    }

    /** The first line of this kind about a clear. */
    Optional<AuditLine> find(String kind, String clearId) {
        return lines.stream()
                .filter(line -> line.kind().equals(kind) && line.id().equals(clearId))
                .findFirst();
    }

    boolean has(String kind, String clearId) {
        return find(kind, clearId).isPresent();
    }

    /** Intents without an outcome, which no later run of the agent has reported. */
    List<AuditRecord> unfinished() {
        Map<String, AuditRecord> open = new LinkedHashMap<>();
        for (AuditLine line : lines) {
            switch (line.kind()) {
                case INTENT -> open.put(line.id(), Records.asRead(line));
                case OUTCOME, UNFINISHED -> open.remove(line.id());
                default -> {}
            }
        }
        return List.copyOf(open.values());
    }

    /** The id of the running clear. */
    Optional<String> lastUnfinished() {
        List<AuditRecord> open = unfinished();
        return open.isEmpty()
                ? Optional.empty()
                : Optional.of(open.get(open.size() - 1).text("id"));
    }

    /** The number of clears with a line of this kind. */
    int clearsWith(String kind) {
        return clears.getOrDefault(kind, Set.of()).size();
    }
}
