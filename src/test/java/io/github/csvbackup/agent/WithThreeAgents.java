package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Three agents that vouch for each other, and the questions of their operators. */
abstract class WithThreeAgents {
    static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** VSS stops three minutes after its last use. */
    static final int SECONDS_UNTIL_VSS_STOPS = 200;

    /** Each node lists its shadow copies for others at most once a minute. */
    static final Duration A_LIST_EVERY = Duration.ofSeconds(61);

    @TempDir
    static Path folder;

    static ThreeAgents nodes;

    @BeforeAll
    static void startNodes() throws Exception {
        RealPart.program("Debian's package procps", "kill");
        nodes = new ThreeAgents(folder);
    }

    @AfterAll
    static void stopNodes() throws Exception {
        if (nodes != null) {
            nodes.close();
        }
    }

    /** A question to an agent; true when it has the answer that a test waits for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    static void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime() - end).as(what).isNegative();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    /** The result of an operation of a node's agent. */
    static Map<?, ?> result(int node, String operation) throws Exception {
        return (Map<?, ?>) nodes.operator(node).ask(operation, VOLUME);
    }

    /** True if another agent had no time to answer: the polls of these tests wait for hardly more than a second. */
    static boolean aNodeWasSlow(Map<?, ?> clear) {
        boolean slow = "REFUSED".equals(clear.get("outcome"))
                && openChecks(clear).matches("(?s).*did not answer within \\d+ ms.*");
        if (slow) {
            System.out.println("A node was slow: " + clear.get("message"));
        }
        return slow;
    }

    /** A clear that is to succeed, once more if a node was slow. A list may have started VSS, and the next one comes a minute later. */
    static Map<?, ?> clear(int node) throws Exception {
        awaitVerdict(node, "CLEARABLE");
        long begin = System.nanoTime();
        Map<?, ?> clear = result(node, "clear");
        for (int tries = 1; tries < 3 && aNodeWasSlow(clear); tries++) {
            nodes.cluster().simulate("advance", SECONDS_UNTIL_VSS_STOPS);
            long asked = begin;
            await("a minute since the last list", () -> System.nanoTime() - asked > A_LIST_EVERY.toNanos());
            awaitVerdict(node, "CLEARABLE");
            begin = System.nanoTime();
            clear = result(node, "clear");
        }
        return clear;
    }

    static String verdict(int node) throws Exception {
        return String.valueOf(result(node, "assess").get("verdict"));
    }

    static void awaitVerdict(int node, String verdict) throws Exception {
        await(ThreeAgents.name(node) + " says " + verdict, () -> verdict(node).equals(verdict));
    }

    /** The checks of an assessment or a clear that did not pass: what was seen and the remedy, one a line. */
    static String openChecks(Map<?, ?> result) {
        return String.join(
                "\n",
                ((List<?>) result.get("checks"))
                        .stream()
                                .map(check -> (Map<?, ?>) check)
                                .filter(check -> !List.of("PASSED", "DEFERRED").contains(check.get("result")))
                                .map(check -> check.get("name") + ": " + check.get("seen") + ". " + check.get("remedy"))
                                .toList());
    }

    static long clearCalls() throws Exception {
        return (Long) nodes.cluster().read("SimulatedCluster", "ClearCalls");
    }

    /** A backup dies on a node, and all agents see that none runs any more. */
    static void abandonABackup(String node) throws Exception {
        nodes.cluster().simulate("startBackup", VOLUME, node);
        nodes.cluster().simulate("killBackup", VOLUME);
        nodes.cluster().simulate("advance", SECONDS_UNTIL_VSS_STOPS);
        for (int each = 1; each <= 3; each++) {
            awaitVerdict(each, "CLEARABLE");
        }
    }
}
