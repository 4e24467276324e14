package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Jit;
import io.github.csvbackup.hostile.DelayingProxy;
import io.github.csvbackup.hostile.HonestClient;
import io.github.csvbackup.hostile.HttpAnswer;
import io.github.csvbackup.hostile.MutatedRequests;
import io.github.csvbackup.hostile.MutatedTraffic;
import io.github.csvbackup.hostile.SlowClients;
import io.github.csvbackup.hostile.SlowKind;
import io.github.csvbackup.hostile.TlsDoor;
import io.github.csvbackup.hostile.Vitals;
import io.github.csvbackup.text.OutsideText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packaged agent with clients that are slow, hostile or greedy: it still answers the others, and its memory does not grow. */
@EnabledOnOs(OS.LINUX)
@Tag("jdk-independent")
@Tag("slow")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class HostileIT {
    /** The seed for other requests: a 64-bit integer. */
    private static final String SEED = "csvbackup.hostile.seed";

    private static final int MUTATED_REQUESTS = 100_000;
    /** After this many requests, classes are loaded and caches and buffers are filled. */
    private static final int WARM_UP = 5_000;
    /** Detects a leak of 32 bytes per request. */
    private static final long GROWTH_OF_HEAP = 32L * MUTATED_REQUESTS;

    private static final String READ_ALL = "{\"type\":\"read\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\"}";
    private static final String READ_NAMES =
            "{\"type\":\"read\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\",\"attribute\":\"VolumeNames\"}";
    private static final String START_BACKUP =
            "{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=SimulatedCluster\",\"operation\":\"startBackup\",\"arguments\":[\"C:\\\\ClusterStorage\\\\Volume1\",\"NODE1\"]}";
    private static final String CLEAR =
            "{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\",\"operation\":\"clear\",\"arguments\":[\"C:\\\\ClusterStorage\\\\Volume1\"]}";
    private static final Duration ROUND_TRIP = Duration.ofMillis(150);

    @TempDir
    Path folder;

    private static InetSocketAddress address(URI url) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort());
    }

    private static String host(URI url) {
        return url.getHost() + ":" + url.getPort();
    }

    private static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** Runs one task on each of several threads, and waits for all of them. */
    private static void together(int threads, Callable<Void> task) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Future<Void> each : pool.invokeAll(Collections.nCopies(threads, task))) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void mutatedRequestsGiveNoFailureAndNoGrowth() throws Exception {
        long seed = Long.getLong(SEED, 42);
        System.out.println("Mutated requests: -D" + SEED + "=" + seed);
        Path home = folder.resolve("mutated");
        try (PackagedAgent agent = PackagedAgent.start(home, List.of(Jit.ALL_COMPILERS, "-Xmx64m"), List.of());
                Vitals vitals = Vitals.of(agent.pid())) {
            MutatedRequests requests = new MutatedRequests(
                    seed, host(agent.url()), Files.readString(agent.token()).strip());
            Tally warmUp = sendMutated(requests, address(agent.url()), 0, WARM_UP);
            long heap = vitals.liveHeap();
            long files = vitals.openFiles();
            Map<String, Integer> threads = vitals.agentThreads();

            Tally tally = sendMutated(requests, address(agent.url()), WARM_UP, MUTATED_REQUESTS);

            System.out.println("Answers to " + MUTATED_REQUESTS + " mutated requests: " + tally.answers());
            await("no connection is left", () -> vitals.openFiles() <= files);
            HonestClient client =
                    new HonestClient(address(agent.url()), host(agent.url()), "", null, HonestClient.PATIENCE);
            String health = client.get("/healthz").text();
            SoftAssertions.assertSoftly(softly -> {
                softly.assertThat(warmUp.kindsOfFailures(requests))
                        .as("failures")
                        .isEmpty();
                softly.assertThat(tally.kindsOfFailures(requests))
                        .as("failures")
                        .isEmpty();
                softly.assertThat(tally.answers())
                        .as("the mutated requests reach each part")
                        .containsKeys("200", "400", "401", "403", "404", "405");
                softly.assertThat(tally.answers().get("200")).isGreaterThan(MUTATED_REQUESTS / 10);
                softly.assertThat(vitals.liveHeap())
                        .as("heap after a collection, before %d", heap)
                        .isLessThan(heap + GROWTH_OF_HEAP);
                softly.assertThat(vitals.agentThreads().keySet())
                        .as("no thread has died")
                        .containsAll(threads.keySet());
                softly.assertThat(sum(vitals.agentThreads()))
                        .as("threads, before %s, after %s", threads, vitals.agentThreads())
                        .isLessThanOrEqualTo(sum(threads) + 8);
                softly.assertThat(health).isEqualTo("ok\n");
            });
            assertThat(agent.errors()).doesNotContain(" ERROR ", "OutOfMemoryError", "\tat ");
        }
        assertThat(PackagedCommandLine.run(
                        Path.of(System.getProperty("java.home")),
                        List.of(),
                        List.of("audit", "--verify", "--state-dir=" + home.resolve("state"))))
                .contains("exit code 0");
        try (PackagedAgent again = PackagedAgent.start(home, List.of(), List.of())) {
            assertThat(again.errors()).doesNotContain("damaged");
        }
        try (var left = Files.list(home.resolve("state"))) {
            assertThat(left).noneMatch(file -> file.getFileName().toString().contains("damaged"));
        }
    }

    private static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * The number of mutated requests for each kind of answer.
     *
     * @param failures failures of the server, by the number of the request
     */
    private record Tally(Map<String, Integer> answers, Map<Integer, String> failures) {
        private static final int MOST_SHOWN = 12;

        /** One example of each kind. */
        List<String> kindsOfFailures(MutatedRequests requests) {
            Map<String, String> examples = new TreeMap<>();
            failures.forEach((number, answer) -> examples.putIfAbsent(
                    answer.substring(0, Math.min(90, answer.length())),
                    "request " + number + ": " + shortened(answer) + " to "
                            + shortened(requests.get(number).latin1())));
            return examples.values().stream().limit(MOST_SHOWN).toList();
        }
    }

    /** Four clients send the requests from one number (inclusive) to another (exclusive). */
    private static Tally sendMutated(MutatedRequests requests, InetSocketAddress server, int from, int to)
            throws Exception {
        AtomicInteger next = new AtomicInteger(from);
        Tally tally = new Tally(new TreeMap<>(), new TreeMap<>());
        together(4, () -> {
            try (MutatedTraffic traffic = new MutatedTraffic(requests, server)) {
                for (int number = next.getAndIncrement(); number < to; number = next.getAndIncrement()) {
                    traffic.send(number);
                }
                synchronized (tally) {
                    traffic.answers().forEach((answer, count) -> tally.answers().merge(answer, count, Integer::sum));
                    tally.failures().putAll(traffic.failures());
                }
            }
            return null;
        });
        return tally;
    }

    private static String shortened(String text) {
        return OutsideText.printable(text.length() <= 600 ? text : text.substring(0, 600) + "...");
    }

    /** The JVM would exit at the first OutOfMemoryError, even if it is caught. */
    @Test
    void aSmallHostWhoseClientsReadEverythingSeesNoOutOfMemoryError() throws Exception {
        List<String> smallHost = List.of(Jit.ALL_COMPILERS, "-Xmx64m", "-XX:+ExitOnOutOfMemoryError");
        try (PackagedAgent agent = PackagedAgent.start(
                folder.resolve("small"), smallHost, List.of("--simulated-volumes=1000", "--poll-interval=1s"))) {
            HonestClient client =
                    new HonestClient(address(agent.url()), host(agent.url()), "", null, HonestClient.PATIENCE);
            await(
                    "the volumes are known",
                    () -> answer(() -> client.get("/healthz")).status() == 200);
            Map<String, Integer> answers = Collections.synchronizedMap(new TreeMap<>());
            together(8, () -> {
                for (int round = 0; round < 5; round++) {
                    tally(answers, "all attributes", () -> client.post("/jolokia/", READ_ALL));
                    tally(answers, "all twice", () -> client.post("/jolokia/", "[" + READ_ALL + "," + READ_ALL + "]"));
                    tally(answers, "metrics", () -> client.get("/metrics"));
                    tally(answers, "page", () -> client.get("/"));
                    tally(answers, "list", () -> client.get("/jolokia/list"));
                }
                return null;
            });

            System.out.println("Answers of a host with 64 MB: " + answers);
            assertThat(agent.output() + agent.errors()).doesNotContain("OutOfMemoryError", " ERROR ");
            assertThat(answers).containsKeys("all attributes 200", "metrics 200", "page 200", "list 200");
            assertThat(answers.keySet())
                    .as("complete answers, or a request to try later")
                    .allMatch(each -> each.endsWith(" 200") || each.endsWith(" 429") || each.endsWith(" 503"));
            assertThat(client.get("/healthz").status()).isEqualTo(200);
        }
    }

    /** Idle connections are closed before the agent or the host runs out of file descriptors. */
    @Test
    void aHostWithFewFileDescriptorsKeepsSomeForFiles() throws Exception {
        List<String> few = List.of("sh", "-c", "ulimit -n 256 && exec \"$@\"", "sh");
        List<Socket> idle = new ArrayList<>();
        try (PackagedAgent agent = PackagedAgent.startBy(few, folder.resolve("few"), List.of(), List.of());
                Vitals vitals = Vitals.of(agent.pid())) {
            for (int i = 0; i < 400; i++) {
                idle.add(
                        new Socket(InetAddress.getLoopbackAddress(), agent.url().getPort()));
            }
            HonestClient operator = new HonestClient(
                    address(agent.url()),
                    host(agent.url()),
                    "Bearer " + Files.readString(agent.token()).strip(),
                    null,
                    HonestClient.PATIENCE);

            await(
                    "the volumes are known",
                    () -> answer(() -> operator.get("/healthz")).status() == 200);
            assertThat(operator.post("/jolokia/", START_BACKUP).text()).contains("\"status\":200");
            HttpAnswer refused = operator.post("/jolokia/", CLEAR);

            assertThat(operator.get("/healthz").text()).isEqualTo("ok\n");
            assertThat(refused.text()).contains("\"outcome\":\"REFUSED\"");
            assertThat(Files.readString(agent.state().resolve("audit.jsonl"))).contains("\"kind\":\"refused\"");
            assertThat(vitals.openFiles()).isLessThan(256 - 32);
            assertThat(agent.errors()).doesNotContain("Too many open files", " ERROR ");
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    private static HttpAnswer answer(Callable<HttpAnswer> request) {
        try {
            return request.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void tally(Map<String, Integer> answers, String what, Callable<HttpAnswer> request) {
        String how;
        try {
            how = Integer.toString(request.call().status());
        } catch (Exception e) {
            how = e.toString();
        }
        answers.merge(what + " " + how, 1, Integer::sum);
    }

    /** Slow clients reconnect as soon as they are dropped; honest clients have a round trip of 150 ms. */
    @ParameterizedTest
    @EnumSource
    void honestClientsGetTheirAnswersAmongSlowOnes(SlowKind kind) throws Exception {
        Path home = folder.resolve("slow");
        List<String> options = new ArrayList<>(List.of("--simulated-volumes=1000", "--poll-interval=1s"));
        TlsDoor door = kind.tls() ? TlsDoor.in(Files.createDirectories(home)) : null;
        if (door != null) {
            options.addAll(door.options());
        }
        try (PackagedAgent agent = PackagedAgent.start(home, List.of(Jit.ALL_COMPILERS), options);
                DelayingProxy far = new DelayingProxy(address(agent.remoteUrl()), ROUND_TRIP)) {
            URI url = agent.remoteUrl();
            HonestClient client = door == null
                    ? new HonestClient(far.address(), host(url), "", null, HonestClient.PATIENCE)
                    : door.client(far.address(), host(url), HonestClient.PATIENCE);
            await(
                    "the volumes are known",
                    () -> answer(() -> client.get("/healthz")).status() == 200);
            // Without TLS it is the same address; with TLS it is the other one, at which there are no slow clients.
            HonestClient local =
                    new HonestClient(address(agent.url()), host(agent.url()), "", null, HonestClient.PATIENCE);
            List<String> lost = Collections.synchronizedList(new ArrayList<>());
            AtomicInteger served = new AtomicInteger();
            try (SlowClients slow = new SlowClients(kind, address(url), host(url))) {
                slow.await();
                together(5, () -> {
                    // One lost answer is enough to know.
                    for (int round = 0; round < 4 && lost.isEmpty(); round++) {
                        ask("/healthz", () -> client.get("/healthz"), lost, served);
                        ask("/metrics", () -> client.get("/metrics"), lost, served);
                        ask("POST", () -> client.post("/jolokia/", READ_NAMES), lost, served);
                        ask("local /metrics", () -> local.get("/metrics"), lost, served);
                    }
                    return null;
                });
                System.out.println(kind + ": " + slow.opened() + " slow connections, " + served + " of 80 answers");
            }

            assertThat(lost).isEmpty();
            assertThat(served).hasValue(80);
        }
    }

    private static void ask(String what, Callable<HttpAnswer> request, List<String> lost, AtomicInteger served) {
        try {
            HttpAnswer answer = request.call();
            if (answer.status() == 200 && !answer.text().isEmpty()) {
                served.incrementAndGet();
            } else {
                lost.add(what + ": " + answer.status() + " " + shortened(answer.text()));
            }
        } catch (Exception e) {
            lost.add(what + ": " + e);
        }
    }
}
