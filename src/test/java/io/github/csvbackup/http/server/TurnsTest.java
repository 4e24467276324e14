package io.github.csvbackup.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();
    private final List<String> begun = new ArrayList<>();

    private static InetAddress address(int last) throws Exception {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    private Turns.Turn named(String name) {
        return () -> begun.add(name);
    }

    @Test
    void oneAddressWaitsForItselfAndNoOther() throws Exception {
        for (int i = 0; i < 10; i++) {
            turns.take(Lane.READERS, address(1), named("a" + i));
        }
        turns.take(Lane.READERS, address(2), named("b"));
        turns.take(Lane.OPERATORS, address(1), named("operator"));
        assertThat(begun).containsExactly("a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "b", "operator");

        turns.end(Lane.READERS, address(1));
        assertThat(begun).endsWith("a8");
    }

    @Test
    void whoeverIsGoneGivesHisTurnAway() throws Exception {
        for (int i = 0; i < 8; i++) {
            turns.take(Lane.READERS, address(1), named("a"));
        }
        turns.take(Lane.READERS, address(1), () -> false);
        turns.take(Lane.READERS, address(1), () -> false);
        turns.take(Lane.READERS, address(1), named("after them"));
        turns.end(Lane.READERS, address(1));
        assertThat(begun).endsWith("after them");

        for (int i = 0; i < 8; i++) {
            turns.end(Lane.READERS, address(1));
        }
        turns.take(Lane.READERS, address(1), () -> false);
        turns.take(Lane.READERS, address(1), named("again"));
        assertThat(begun).endsWith("again");
    }
}
