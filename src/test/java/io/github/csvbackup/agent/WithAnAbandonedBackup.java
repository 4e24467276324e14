package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;

/**
 * A backup died, and NODE1 to NODE3 vouch that no other runs. A test lets something be wrong with NODE3: none of the others clears, each says why, and as
 * soon as all is well again the volume is clearable.
 */
abstract class WithAnAbandonedBackup extends WithThreeAgents {
    static final int THIRD = 3;
    private static long listed;

    @BeforeAll
    static void aBackupDies() throws Exception {
        abandonABackup("NODE2");
        listed = System.nanoTime();
    }

    /** A node clears, with the word of the others. Each lists its shadow copies for others at most once a minute. */
    static void assertClears(int node) throws Exception {
        await("a minute since the last list", () -> System.nanoTime() - listed > A_LIST_EVERY.toNanos());
        long before = clearCalls();
        Map<?, ?> clear = clear(node);
        assertThat(clear.get("outcome")).as("%s", clear).isEqualTo("CLEARED");
        assertThat(clearCalls()).isEqualTo(before + 1);
    }

    @BeforeEach
    void allIsWell() throws Exception {
        awaitVerdict(1, "CLEARABLE");
        awaitVerdict(2, "CLEARABLE");
    }

    /** NODE1 and NODE2 neither clear nor call the volume clearable, and name the reason. */
    static void assertRefused(String... reason) throws Exception {
        for (int node : List.of(1, 2)) {
            awaitVerdict(node, "UNPROVEN");
            Map<?, ?> clear = result(node, "clear");
            assertThat(clear.get("outcome")).as("%s", clear).isEqualTo("REFUSED");
            assertThat(openChecks(clear)).contains("NODE3").contains(reason);
        }
        assertThat(clearCalls()).isZero();
    }

    static void refusedWhile(Executable wrong, Executable again, String... reason) throws Exception {
        try {
            run(wrong);
            assertRefused(reason);
        } finally {
            run(again);
        }
        awaitVerdict(1, "CLEARABLE");
        awaitVerdict(2, "CLEARABLE");
    }

    private static void run(Executable step) throws Exception {
        try {
            step.execute();
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void reconnect() {
        reconnect(THIRD);
    }

    static void reconnect(int node) {
        nodes.network(node).leadTo(nodes.agent(node).remoteUrl().getPort());
    }

    /** Has the certificate of NODE3, and answers as a test says. */
    static FakePeer impostor() throws Exception {
        return impostor(THIRD);
    }

    static FakePeer impostor(int node) throws Exception {
        return new FakePeer(
                nodes.certificates().identity(ThreeAgents.name(node)),
                nodes.certificates().identity("NODE1"),
                nodes.agent(node).remoteUrl());
    }
}
