package io.github.csvbackup.bench;

import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.hostile.HonestClient;
import io.github.csvbackup.hostile.HttpAnswer;
import io.github.csvbackup.hostile.SlowClients;
import io.github.csvbackup.hostile.SlowKind;
import io.github.csvbackup.hostile.TlsDoor;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How long a normal client waits for /healthz and /metrics while nothing else happens, and among slow clients of each kind. Rows take
 * turns, so that what the machine does meanwhile hits all alike. A request has a connection of its own; times are those of the client,
 * from the connect to the last byte.
 */
public final class SlowClientsBench {
    /** Which rows to measure: names of kinds, separated by commas; all if it is empty. The calm ones are always measured. */
    public static final String ROWS = "bench.slow-clients";

    private static final int ROUNDS = 3;
    private static final Duration A_TURN = Duration.ofSeconds(4);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String VOLUMES = "100";

    private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private SlowClientsBench() {}

    /** An agent, and its normal client. */
    private record Door(PackagedAgent agent, HonestClient client) {
        InetSocketAddress address() {
            return new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), agent.remoteUrl().getPort());
        }

        String host() {
            return agent.remoteUrl().getHost() + ":" + agent.remoteUrl().getPort();
        }
    }

    /** What one row has measured so far. */
    private record Row(@Nullable SlowKind kind, boolean tls, Times health, Times metrics) {
        String name() {
            return kind == null ? (tls ? "calm, TLS" : "calm") : kind.count() + " " + label(kind);
        }
    }

    /** Times of one kind of request. */
    private static final class Times {
        private final List<Long> nanos = new ArrayList<>();
        private int lost;

        void take(Ask ask) {
            long begun = System.nanoTime();
            try {
                if (ask.get().status() == 200) {
                    nanos.add(System.nanoTime() - begun);
                } else {
                    lost++;
                }
            } catch (IOException e) {
                lost++;
            }
        }

        /** In milliseconds; NaN if there are none. */
        double quantile(double part) {
            if (nanos.isEmpty()) {
                return Double.NaN;
            }
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return sorted[(int) Math.min(sorted.length - 1L, Math.round(part * sorted.length))] / 1e6;
        }
    }

    private interface Ask {
        HttpAnswer get() throws IOException;
    }

    private static String label(SlowKind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static void main(String[] args) throws Exception {
        new SlowClientsBench().run(rows(System.getProperty(ROWS, "")));
    }

    private static List<Row> rows(String named) {
        List<String> wanted = Arrays.stream(named.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        List<String> known =
                Arrays.stream(SlowKind.values()).map(SlowClientsBench::label).toList();
        for (String name : wanted) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("-D" + ROWS + "=" + named + ": there is no row \"" + name
                        + "\"; allowed are " + String.join(", ", known) + ", separated by commas.");
            }
        }
        List<Row> rows = new ArrayList<>();
        for (boolean tls : new boolean[] {false, true}) {
            rows.add(new Row(null, tls, new Times(), new Times()));
            for (SlowKind kind : SlowKind.values()) {
                if (kind.tls() == tls && (wanted.isEmpty() || wanted.contains(label(kind)))) {
                    rows.add(new Row(kind, tls, new Times(), new Times()));
                }
            }
        }
        return rows;
    }

    private void run(List<Row> rows) throws Exception {
        Path folder = Files.createTempDirectory("csv-backup-bench-");
        TlsDoor tls = TlsDoor.in(folder);
        List<String> options = List.of("--simulated-volumes=" + VOLUMES, "--poll-interval=1s");
        List<String> tlsOptions = new ArrayList<>(options);
        tlsOptions.addAll(tls.options());
        try (PackagedAgent plain = PackagedAgent.start(folder.resolve("plain"), List.of(), options);
                PackagedAgent secured = PackagedAgent.start(folder.resolve("tls"), List.of(), tlsOptions)) {
            Door open = door(plain, null);
            Door closed = door(secured, tls);
            warmUp(open);
            warmUp(closed);
            for (int round = 1; round <= ROUNDS; round++) {
                for (Row row : rows) {
                    measure(row, row.tls() ? closed : open);
                }
                out.println("round " + round + " of " + ROUNDS);
            }
        }
        print(rows);
    }

    private static Door door(PackagedAgent agent, @Nullable TlsDoor tls) throws Exception {
        InetSocketAddress address = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), agent.remoteUrl().getPort());
        String host = agent.remoteUrl().getHost() + ":" + agent.remoteUrl().getPort();
        return new Door(
                agent,
                tls == null
                        ? new HonestClient(address, host, "", null, PATIENCE)
                        : tls.client(address, host, PATIENCE));
    }

    /** Until compiled code serves them. */
    private static void warmUp(Door door) {
        takeTurn(door, new Times(), new Times());
    }

    private static void measure(Row row, Door door) throws Exception {
        SlowKind kind = row.kind();
        if (kind == null) {
            takeTurn(door, row.health(), row.metrics());
            return;
        }
        try (SlowClients slow = new SlowClients(kind, door.address(), door.host())) {
            slow.await();
            takeTurn(door, row.health(), row.metrics());
        }
        untilCalm(door);
    }

    private static void takeTurn(Door door, Times health, Times metrics) {
        long end = System.nanoTime() + A_TURN.toNanos();
        while (System.nanoTime() < end) {
            health.take(() -> door.client().get("/healthz"));
            metrics.take(() -> door.client().get("/metrics"));
            // As fast as it can, a client would itself be a flood.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** Until twenty answers in a row have come: what one row leaves behind must not count for the next. */
    private static void untilCalm(Door door) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        for (int calm = 0; calm < 20 && System.nanoTime() < end; ) {
            Times one = new Times();
            one.take(() -> door.client().get("/healthz"));
            calm = one.lost == 0 ? calm + 1 : 0;
        }
    }

    private void print(List<Row> rows) {
        out.printf(
                Locale.ROOT,
                "%n%-24s %8s %8s %7s %7s %6s %6s   %8s %8s %7s %7s %6s %6s%n",
                "milliseconds",
                "health50",
                "health99",
                "%calm50",
                "%calm99",
                "asked",
                "lost",
                "metric50",
                "metric99",
                "%calm50",
                "%calm99",
                "asked",
                "lost");
        for (Row row : rows) {
            Row calm = rows.stream()
                    .filter(other -> other.kind() == null && other.tls() == row.tls())
                    .findFirst()
                    .orElseThrow();
            out.printf(
                    Locale.ROOT,
                    "%-24s %s   %s%n",
                    row.name(),
                    cells(row.health(), calm.health()),
                    cells(row.metrics(), calm.metrics()));
        }
    }

    private static String cells(Times times, Times calm) {
        return String.format(
                Locale.ROOT,
                "%8.1f %8.1f %7.0f %7.0f %6d %6d",
                times.quantile(0.5),
                times.quantile(0.99),
                100 * times.quantile(0.5) / calm.quantile(0.5),
                100 * times.quantile(0.99) / calm.quantile(0.99),
                times.nanos.size() + times.lost,
                times.lost);
    }
}
