package io.github.csvbackup.eventlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.cluster.ActiveNativeCalls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The thread between the agent and the event log. */
class EventLogTest {
    private final MovableClock clock = new MovableClock();
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final CountDownLatch sinkClosed = new CountDownLatch(1);
    private volatile boolean broken;
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean hangs;

    private final EventSink sink = new EventSink() {
        @Override
        public void write(EventKind kind, String text) throws IOException {
            if (hangs) {
                entered.countDown();
                try {
                    released.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            if (broken) {
                throw new IOException("ReportEventW failed with error 1717");
            }
            written.add(kind.id() + " " + text);
        }

        @Override
        public void close() {
            sinkClosed.countDown();
        }
    };

    private EventLog open() {
        EventLog log = new EventLog(sink, clock);
        log.start();
        return log;
    }

    @Test
    void writesInOrderAndAtItsEndWhatWaits() throws Exception {
        try (EventLog log = open()) {
            log.write(EventKind.STATE_SET, "one");
            log.write(EventKind.STATE_ENDED, "two");
            log.write(EventKind.STATE_SET, "one");
            assertThat(log.loop().name()).startsWith("csv-backup-");
        }

        assertThat(written).containsExactly("200 one", "201 two", "200 one");
        assertThat(sinkClosed.await(1, TimeUnit.MINUTES)).isTrue();
    }

    @Test
    void afterItsEndNothingIsWrittenAndASecondEndIsHarmless() {
        EventLog log = open();
        log.close();
        log.write(EventKind.STATE_SET, "late");
        log.close();

        assertThat(written).isEmpty();
    }

    @Test
    void aKindHasABoundedNumberAMinuteAndTheRestIsOneEvent() {
        try (EventLog log = open()) {
            IntStream.range(0, 250).forEach(i -> log.write(EventKind.REFUSED, "refused " + i));
            log.write(EventKind.STATE_SET, "another kind");
        }

        assertThat(written).hasSize(EventRates.MOST + 2).contains("200 another kind");
        assertThat(written.get(EventRates.MOST - 1)).isEqualTo("301 refused 99");
        assertThat(written)
                .last()
                .isEqualTo("301 150 more events of this kind within a minute were left out. The log and the audit have"
                        + " them.");
    }

    @Test
    void afterAMinuteAKindIsWrittenAgain() {
        EventRates rates = new EventRates();
        for (int i = 0; i < 150; i++) {
            assertThat(rates.admits(EventKind.REFUSED, clock.instant())).isEqualTo(i < EventRates.MOST);
        }
        assertThat(rates.due(clock.instant(), false)).isEmpty();
        clock.advance(EventRates.WINDOW);
        assertThat(rates.due(clock.instant(), false))
                .singleElement()
                .extracting(EventRates.Event::text)
                .asString()
                .startsWith("50 more events");
        assertThat(rates.admits(EventKind.REFUSED, clock.instant())).isTrue();
        clock.set(Duration.ofHours(-1));
        assertThat(rates.due(clock.instant(), false)).isEmpty();
        assertThat(rates.admits(EventKind.REFUSED, clock.instant()))
                .as("the clock was set back")
                .isTrue();
    }

    @Test
    void aFailureIsLoggedOnceAndItsEndWithTheNumberOfMissingEvents() throws Exception {
        try (LogLines lines = new LogLines(EventLog.class.getName())) {
            broken = true;
            try (EventLog log = open()) {
                log.write(EventKind.STATE_SET, "lost");
                log.write(EventKind.STATE_SET, "lost too");
            }
            assertThat(lines.lines())
                    .singleElement()
                    .asString()
                    .contains(
                            " WARN  An event cannot be written to the Windows event log: ReportEventW failed with error 1717. ");
        }
        try (LogLines lines = new LogLines(EventLog.class.getName())) {
            try (EventLog log = open()) {
                log.write(EventKind.STATE_SET, "lost");
                awaitLine(lines);
                broken = false;
                log.write(EventKind.STATE_SET, "written");
            }

            assertThat(lines.lines())
                    .hasSize(2)
                    .last()
                    .asString()
                    .endsWith("INFO  The Windows event log can be written again; 1 events are missing there");
        }
        assertThat(written).containsExactly("200 written");
    }

    private static void awaitLine(LogLines lines) {
        while (lines.lines().isEmpty()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void anEventLogThatHangsBlocksNeitherTheAgentNorItsEnd() throws Exception {
        hangs = true;
        EventLog log = open();
        try (LogLines lines = new LogLines(EventLog.class.getName())) {
            log.write(EventKind.STATE_SET, "hangs");
            entered.await();
            assertThat(ActiveNativeCalls.count())
                    .as("a detach must not unload JNA")
                    .isPositive();
            for (int i = 0; i < EventLog.LONGEST_QUEUE + 10; i++) {
                log.write(EventKind.STATE_SET, "waits");
            }
            log.close();

            assertThat(lines.lines().get(0)).contains("more than 1000 events are waiting");
            assertThat(lines.lines()).last().asString().contains("does not respond; 1000 events are missing there");
        } finally {
            released.countDown();
        }
        // It logs how many events are missing, which another test must not see.
        assertThat(log.loop().endsWithin(Duration.ofMinutes(1))).isTrue();
    }
}
