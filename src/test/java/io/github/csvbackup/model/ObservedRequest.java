package io.github.csvbackup.model;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.cluster.ServiceStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the cluster saw of one request to clear: its volumes, the questions to the nodes, and the native calls. */
final class ObservedRequest {
    private static final Long NO_PROCESS = 0L;

    private final MovableClock clock;
    private final Set<VolumeName> volumes;
    /** How often each node was asked for its shadow copies. */
    private final Map<String, Integer> questions = new HashMap<>();
    /**
     * By node, the processes of its VSS service: the one right after it listed its shadow copies, and those that were seen since the last
     * native call.
     */
    private final Map<String, List<Long>> vssReads = new HashMap<>();

    /** When each volume was read again last, since the last native call. */
    private final Map<VolumeName, Long> rereads = new EnumMap<>(VolumeName.class);

    private final List<VolumeName> called = new ArrayList<>();
    private @Nullable Long firstQuestionNanos;
    private boolean wentWrong;

    /** No request, or one that has not asked yet. */
    ObservedRequest(MovableClock clock, List<VolumeName> volumes) {
        this.clock = clock;
        this.volumes = Set.copyOf(volumes);
    }

    boolean isFor(VolumeName volume) {
        return volumes.contains(volume);
    }

    /** A node is asked for its shadow copies. */
    void asks(String node) {
        questions.merge(node, 1, Integer::sum);
        if (firstQuestionNanos == null) {
            firstQuestionNanos = clock.nanoTime();
        }
    }

    /** A node has listed its shadow copies. */
    void listed(String node) {
        vssReads.put(node, new ArrayList<>());
    }

    /** The agent read the VSS service of a node, and not for a poll; null if the node did not answer. */
    void readVss(String node, @Nullable ServiceStatus status) {
        List<Long> reads = vssReads.get(node);
        if (reads != null) {
            Long process = status == null || status.state() != ServiceStatus.RUNNING ? null : status.processId();
            reads.add(process == null ? NO_PROCESS : process);
        }
    }

    /** The process of the node's VSS service right after it listed its shadow copies; null if it was not read. */
    @Nullable
    Long vssRightAfterTheList(String node) {
        List<Long> reads = vssReads.getOrDefault(node, List.of());
        return reads.isEmpty() ? null : reads.get(0);
    }

    /** The agent reads the volume again, and not for a poll. */
    void rereads(VolumeName volume) {
        rereads.put(volume, clock.nanoTime());
    }

    /** The time since the volume was read again, if it was since the last native call. */
    Optional<Duration> sinceReread(VolumeName volume) {
        return Optional.ofNullable(rereads.get(volume)).map(read -> Duration.ofNanos(clock.nanoTime() - read));
    }

    /** A native call for the volume begins. */
    void calls(VolumeName volume) {
        called.add(volume);
        rereads.clear();
        vssReads.values().stream()
                .filter(reads -> reads.size() > 1)
                .forEach(reads -> reads.subList(1, reads.size()).clear());
    }

    /** A native call returned an error, did nothing, or its answer was lost. */
    void goesWrong() {
        wentWrong = true;
    }

    boolean wentWrong() {
        return wentWrong;
    }

    boolean hasCalled() {
        return !called.isEmpty();
    }

    boolean hasCalled(VolumeName volume) {
        return called.contains(volume);
    }

    /** The time since the first question for shadow copies. */
    Duration sinceFirstQuestion() {
        Long first = firstQuestionNanos;
        return first == null ? Duration.ZERO : Duration.ofNanos(clock.nanoTime() - first);
    }

    /** A node that was asked for its shadow copies more than once. */
    Optional<String> nodeAskedAgain() {
        return questions.entrySet().stream()
                .filter(node -> node.getValue() > 1)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** A node that was not seen since the last native call to have the VSS process that listed its shadow copies. */
    Optional<String> nodeOfAnotherVssProcess() {
        return vssReads.entrySet().stream()
                .filter(node -> node.getValue().size() < 2
                        || node.getValue().contains(NO_PROCESS)
                        || node.getValue().stream().distinct().count() > 1)
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
