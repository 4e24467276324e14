package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Jit;
import io.github.csvbackup.hostile.HonestClient;
import io.github.csvbackup.hostile.HttpAnswer;
import io.github.csvbackup.hostile.MutatedRequests;
import io.github.csvbackup.hostile.MutatedTraffic;
import io.github.csvbackup.hostile.Vitals;
import io.github.csvbackup.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten minutes of everything that an agent does at the same time: backups that die, their clears, scrapes, readers and nonsense. It prints its
 * results at the end.
 */
@Tag("long")
@EnabledOnOs(OS.LINUX)
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SoakIT {
    /** The duration in ISO 8601, such as {@code PT1M}. */
    private static final String LENGTH = "csvbackup.soak.length";

    private static final String STATE = "io.github.csvbackup:type=CsvBackupState";
    private static final String SIMULATION = "io.github.csvbackup:type=SimulatedCluster";
    private static final int VOLUMES = 20;
    private static final int NODES = 3;

    @TempDir
    Path folder;

    private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger mutated = new AtomicInteger();
    private final AtomicInteger cleared = new AtomicInteger();

    private HonestClient operator;
    private HonestClient reader;
    private long end;

    @Test
    void tenMinutesOfClearsAndClientsLeaveNothingBehind() throws Exception {
        Duration length = Duration.parse(System.getProperty(LENGTH, "PT10M"));
        try (PackagedAgent agent = PackagedAgent.withShortTimes(
                        folder.resolve("agent"), List.of(Jit.ALL_COMPILERS), "--simulated-volumes=" + VOLUMES);
                Vitals vitals = Vitals.of(agent.pid())) {
            InetSocketAddress address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), agent.url().getPort());
            String host = agent.url().getHost() + ":" + agent.url().getPort();
            String token = Files.readString(agent.token()).strip();
            operator = new HonestClient(address, host, "Bearer " + token, null, HonestClient.PATIENCE);
            reader = new HonestClient(address, host, "", null, HonestClient.PATIENCE);
            // Each part of the agent runs once before the first measurement.
            clear(1);
            long heap = vitals.liveHeap();
            long files = vitals.openFiles();
            Map<String, Integer> threads = vitals.agentThreads();

            end = System.nanoTime() + length.toNanos();
            ExecutorService pool = Executors.newCachedThreadPool();
            try {
                List<Future<?>> all = List.of(
                        pool.submit(() -> {
                            for (int volume = 1; isTime(); volume = volume % VOLUMES + 1) {
                                clear(volume);
                            }
                            return null;
                        }),
                        pool.submit(() -> read("/metrics", Duration.ofMillis(200))),
                        pool.submit(() -> read("/jolokia/read/" + STATE + "/Volumes", Duration.ofMillis(100))),
                        pool.submit(() -> read("/healthz", Duration.ofMillis(50))),
                        pool.submit(() -> sendMutated(new MutatedRequests(42, host, token), address)));
                for (Future<?> each : all) {
                    each.get();
                }
            } finally {
                pool.shutdownNow();
            }

            long heapAfter = vitals.liveHeap();
            System.out.printf(
                    Locale.ROOT,
                    "Soak of %s: %d requests, %d mutated ones, %d clears; heap %.1f to %.1f MB, threads %s to %s, open files %d to %d;"
                            + " p50 %.1f ms, p99 %.1f ms%n",
                    length,
                    nanos.size(),
                    mutated.get(),
                    cleared.get(),
                    heap / 1e6,
                    heapAfter / 1e6,
                    threads,
                    vitals.agentThreads(),
                    files,
                    vitals.openFiles(),
                    quantile(0.5),
                    quantile(0.99));
            assertThat(cleared.get()).as("clears").isGreaterThan((int) (length.toSeconds() / 30));
            // For each clear or request, the agent keeps only counters and the last lines of the audit.
            assertThat(heapAfter).isLessThan(heap + 4_000_000);
            assertThat(vitals.openFiles()).as("open files").isLessThanOrEqualTo(files + 4);
            assertThat(vitals.agentThreads().keySet()).as("no thread has died").containsAll(threads.keySet());
            assertThat(agent.errors()).doesNotContain(" ERROR ", "OutOfMemoryError");
            assertThat(reader.get("/metrics").text())
                    .containsPattern("(?m)^csv_backup_unfinished_clears(\\{.*\\})? 0\\.0$");
        }
        assertThat(PackagedCommandLine.run(
                        Path.of(System.getProperty("java.home")),
                        List.of(),
                        List.of(
                                "audit",
                                "--verify",
                                "--state-dir=" + folder.resolve("agent").resolve("state"))))
                .contains("exit code 0");
    }

    private boolean isTime() {
        return System.nanoTime() < end;
    }

    private double quantile(double part) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(part * sorted.length))] / 1e6;
    }

    /** Reads repeatedly, with a pause, like a monitoring system. */
    private Void read(String path, Duration pause) throws IOException {
        while (isTime()) {
            long begun = System.nanoTime();
            HttpAnswer answer = reader.get(path);
            nanos.add(System.nanoTime() - begun);
            assertThat(answer.status()).as("%s: %s", path, answer.text()).isEqualTo(200);
            LockSupport.parkNanos(pause.toNanos());
        }
        return null;
    }

    private Void sendMutated(MutatedRequests requests, InetSocketAddress address) {
        try (MutatedTraffic traffic = new MutatedTraffic(requests, address)) {
            while (isTime()) {
                traffic.send(mutated.getAndIncrement());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
            }
            assertThat(traffic.failures()).isEmpty();
        }
        return null;
    }

    /** A backup of the volume starts and dies; its state becomes stale and is cleared. */
    private void clear(int number) throws Exception {
        String volume = "C:\\ClusterStorage\\Volume" + number;
        execute(SIMULATION, "startBackup", volume, "NODE1");
        execute(SIMULATION, "killBackup", volume);
        long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        Map<?, ?> assessment = Map.of();
        for (int look = 0; !"CLEARABLE".equals(assessment.get("verdict")); look++) {
            assertThat(System.nanoTime()).as("%s", assessment).isLessThan(patience);
            if (look % 20 == 0) {
                stopServices();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            assessment = (Map<?, ?>) execute(STATE, "assess", volume);
        }
        Map<?, ?> result = (Map<?, ?>) execute(STATE, "clear", volume);
        // The checks after the previous clear may have restarted VSS; then this clear is refused.
        if (!"REFUSED".equals(result.get("outcome"))) {
            assertThat(result.get("outcome")).as("%s", result).isEqualTo("CLEARED");
            cleared.incrementAndGet();
        } else {
            execute(SIMULATION, "moveVolume", volume, "NODE2");
        }
    }

    private void stopServices() throws Exception {
        for (int node = 1; node <= NODES; node++) {
            execute(SIMULATION, "setServiceState", "NODE" + node, "VSS", "STOPPED");
            execute(SIMULATION, "setServiceState", "NODE" + node, "swprv", "STOPPED");
        }
    }

    private Object execute(String bean, String operation, String... arguments) throws Exception {
        long begun = System.nanoTime();
        HttpAnswer answer = operator.post(
                "/jolokia/",
                Json.write(Map.of(
                        "type", "exec", "mbean", bean, "operation", operation, "arguments", List.of(arguments))));
        nanos.add(System.nanoTime() - begun);
        Map<?, ?> body = (Map<?, ?>) Json.read(answer.text());
        assertThat(body.get("status"))
                .as("%s %s: %s", operation, arguments, answer.text())
                .isEqualTo(200L);
        return body.get("value");
    }
}
