package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.log.LogLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloserTest {
    private final List<String> closed = new ArrayList<>();

    private AutoCloseable part(String name, Throwable failure) {
        return () -> {
            closed.add(name);
            if (failure instanceof Exception exception) {
                throw exception;
            }
            if (failure instanceof Error error) {
                throw error;
            }
        };
    }

    @Test
    void noPartThatFailsKeepsTheOthersOpen() throws Exception {
        Closer closer = new Closer();
        closer.add(part("first", null));
        closer.add(part("second", new OutOfMemoryError("planted")));
        closer.add(part("third", new IOException("planted")));
        closer.add(part("fourth", new InterruptedException("planted")));
        try (LogLines lines = new LogLines(Closer.class.getName())) {
            closer.close();

            assertThat(lines.lines())
                    .filteredOn(line -> line.endsWith("Stopping the agent: one part did not stop cleanly"))
                    .isNotEmpty();
        }
        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).containsExactly("fourth", "third", "second", "first");
    }
}
