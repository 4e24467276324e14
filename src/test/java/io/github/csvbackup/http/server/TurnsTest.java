package io.github.csvbackup.http.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private final Turns turns = new Turns();
    private final List<String> begun = new ArrayList<>();

    private static String address(int last) {
        return "10.0.0." + last;
    }

    private Turns.Turn named(String name) {
        return () -> begun.add(name);
    }

    @Test
    void oneAddressWaitsForItselfAndNoOther() {
        for (int i = 0; i < 10; i++) {
            turns.take(Lane.READERS, address(1), new Object(), named("a" + i));
        }
        turns.take(Lane.READERS, address(2), new Object(), named("b"));
        turns.take(Lane.OPERATORS, address(1), new Object(), named("operator"));
        assertThat(begun).containsExactly("a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "b", "operator");

        turns.end(Lane.READERS, address(1));
        assertThat(begun).endsWith("a8");
    }

    @Test
    void whoeverIsGoneGivesHisTurnAway() {
        for (int i = 0; i < 8; i++) {
            turns.take(Lane.READERS, address(1), new Object(), named("a"));
        }
        turns.take(Lane.READERS, address(1), new Object(), () -> false);
        turns.take(Lane.READERS, address(1), new Object(), () -> false);
        turns.take(Lane.READERS, address(1), new Object(), named("after them"));
        turns.end(Lane.READERS, address(1));
        assertThat(begun).endsWith("after them");

        for (int i = 0; i < 8; i++) {
            turns.end(Lane.READERS, address(1));
        }
        turns.take(Lane.READERS, address(1), new Object(), () -> false);
        turns.take(Lane.READERS, address(1), new Object(), named("again"));
        assertThat(begun).endsWith("again");
    }

    @Test
    void whoeverLeavesIsForgotten() {
        Object owner = new Object();
        for (int i = 0; i < 8; i++) {
            turns.take(Lane.READERS, address(1), new Object(), named("a"));
        }
        turns.take(Lane.READERS, address(1), owner, named("gone"));
        turns.leave(Lane.READERS, address(1), owner);
        turns.end(Lane.READERS, address(1));

        assertThat(begun).hasSize(8).doesNotContain("gone");
    }
}
