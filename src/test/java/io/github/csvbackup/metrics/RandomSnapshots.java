package io.github.csvbackup.metrics;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.OddNames;
import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.IoReading;
import io.github.csvbackup.cluster.Node;
import io.github.csvbackup.cluster.NodeState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.LeftoverKind;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.watch.DurationHistogram;
import io.github.csvbackup.watch.Moment;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Problem;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Random snapshots with odd names, names that volumes share, and unexpected numbers and times. */
final class RandomSnapshots {
    private static final String PARTS = "aB1 ~.\"\\\n\r\t{}=,#\u00e4\u0000\u001b\u2028\uFFFD\ud83d\ude00\ud800\udc00";
    private static final Instant FIRST = Instant.parse("-9999-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private final Instant now = new MovableClock().instant();
    private final Random random;
    /** Few, so that volumes share names. */
    private final List<String> names;

    RandomSnapshots(long seed) {
        random = new Random(seed);
        names = IntStream.range(0, 6).mapToObj(i -> name()).toList();
    }

    /** A random snapshot and random counts. */
    record Drawn(
            Snapshot snapshot,
            ClearCounts counts,
            Map<String, Long> abandoned,
            boolean ownedOnly,
            Leftovers leftovers) {
        Scene scene() {
            Scene scene = new Scene(snapshot, counts, abandoned, ownedOnly);
            scene.leftovers(leftovers);
            return scene;
        }
    }

    Drawn next() {
        List<WatchedVolume> volumes = some(12, this::watched);
        Snapshot snapshot = new Snapshot(
                now,
                maybe(now),
                maybe(new Moment(now, null)),
                Duration.ofNanos(number()),
                random.nextInt(4) == 0 ? new Problem(name(), name()) : null,
                number(),
                number(),
                name(),
                pick(names),
                some(4, () -> new Node(pick(names), new NodeState(random.nextInt(6) - 1), maybe(random.nextInt()))),
                Map.of(),
                volumes,
                List.of("1", "2", "3", "4"),
                some(
                        3,
                        () -> new UnreadableDisk(
                                name(), pick(names), ClusterException.win32(name(), random.nextInt()))),
                Map.of(),
                maybe(NodeAnswer.of(now, new IoReading(some(20, () -> io(volumes)), List.of()))),
                histogram());
        Map<String, Map<Outcome, Long>> requests = new HashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            requests.put(pick(names), Map.of(pick(List.of(Outcome.values())), number()));
        }
        Map<String, Long> counted = Map.of(pick(names), number());
        ClearCounts counts = new ClearCounts(requests, counted, counted, number(), number(), times());
        return new Drawn(snapshot, counts, counted, random.nextBoolean(), leftovers(volumes));
    }

    private Leftovers leftovers(List<WatchedVolume> volumes) {
        Map<VolumeKey, Long> bytes = new HashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes.put(key(volumes), number());
        }
        return new Leftovers(
                pick(List.of(Leftovers.Answer.values())),
                time(),
                time(),
                maybe(time()),
                null,
                some(
                        8,
                        () -> new Leftover(
                                pick(List.of(LeftoverKind.values())),
                                key(volumes),
                                name(),
                                maybe(name()),
                                maybe(name()),
                                name(),
                                time(),
                                null,
                                name(),
                                name())),
                List.of(),
                bytes);
    }

    /** Of a volume of the cluster, or of none. */
    private VolumeKey key(List<WatchedVolume> volumes) {
        return volumes.isEmpty() || random.nextInt(4) == 0
                ? new VolumeKey(name(), guid())
                : pick(volumes).volume().key();
    }

    private ClearTimes times() {
        Map<String, Map<Outcome, Instant>> requests = new HashMap<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            requests.put(pick(names), Map.of(pick(List.of(Outcome.values())), now));
        }
        return new ClearTimes(requests, Map.of(pick(names), FIRST), Map.of(pick(names), LAST));
    }

    private DurationHistogram histogram() {
        return new DurationHistogram(
                DurationHistogram.EMPTY.counts().stream()
                        .map(count -> number() >>> 8)
                        .toList(),
                number());
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private <T> @Nullable T maybe(T value) {
        return random.nextInt(5) == 0 ? null : value;
    }

    private <T> List<T> some(int most, Supplier<T> draw) {
        List<T> drawn = new ArrayList<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            drawn.add(draw.get());
        }
        return drawn;
    }

    private String name() {
        if (random.nextBoolean()) {
            return pick(OddNames.all());
        }
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            name.append(PARTS.charAt(random.nextInt(PARTS.length())));
        }
        return name.toString();
    }

    /** Not negative; sometimes as large as a sample can represent exactly. */
    private long number() {
        return random.nextLong() >>> (11 + random.nextInt(53));
    }

    private @Nullable Instant time() {
        return maybe(
                random.nextBoolean()
                        ? pick(List.of(Instant.EPOCH, FIRST, LAST, now, now.plusSeconds(60)))
                        : now.minusSeconds(random.nextInt(100_000)));
    }

    private String guid() {
        return random.nextInt(4) == 0 ? pick(names) : StubCluster.guid(random.nextInt(6));
    }

    private WatchedVolume watched() {
        Instant read = time();
        return new WatchedVolume(
                new Volume(
                        "id-" + random.nextInt(4),
                        name(),
                        pick(names),
                        new ResourceState(random.nextInt()),
                        random.nextBoolean() ? pick(names) : name(),
                        guid(),
                        new FaultState(random.nextInt()),
                        new BackupState(random.nextBoolean() ? random.nextInt(3) : random.nextInt())),
                random.nextBoolean() ? null : new Problem(name(), name()),
                new Moment(read == null ? now : read, null),
                time(),
                time(),
                time(),
                random.nextBoolean(),
                number(),
                maybe(Duration.ofNanos(number())),
                random.nextBoolean());
    }

    private VolumeIoState io(List<WatchedVolume> volumes) {
        boolean listed = !volumes.isEmpty() && random.nextInt(4) > 0;
        Volume volume = listed ? pick(volumes).volume() : watched().volume();
        return new VolumeIoState(
                volume.friendlyPath(),
                volume.guidName(),
                pick(names),
                random.nextInt(7) - 1,
                random.nextLong(),
                random.nextLong());
    }
}
