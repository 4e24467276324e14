package io.github.csvbackup.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.MovableClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that hangs, and the threads that log. */
@Timeout(60)
class LogWriterTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock();
    private final List<String> reported = new CopyOnWriteArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private LogWriter writer;

    /** Hangs in its first write. */
    private RandomAccessFile hanging(Path file) throws IOException {
        return new RandomAccessFile(file.toFile(), "rw") {
            @Override
            public void write(byte[] bytes) throws IOException {
                entered.countDown();
                try {
                    answers.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                super.write(bytes);
            }
        };
    }

    private StderrLogger logger(PrintStream stderr) {
        writer = new LogWriter(
                new LogFile(folder, this::hanging, LogFile.LARGEST, reported::add),
                released::countDown,
                clock,
                reported::add);
        writer.start();
        StderrServiceProvider.file = writer;
        return new StderrLogger("log-writer-test", clock, stderr);
    }

    @AfterEach
    void end() {
        answers.countDown();
        StderrServiceProvider.file = null;
        writer.close();
    }

    private List<String> file() throws IOException {
        return Files.readAllLines(folder.resolve("agent.log"));
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(LogWriter.THREAD))
                .toList();
    }

    private static String text(String line) {
        return line.substring(line.indexOf(' ') + 1);
    }

    @Test
    void aThreadThatLogsNeverWaitsAndAfterwardsTheLinesAreThereInOrder() throws Exception {
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        StderrLogger log = logger(new PrintStream(stderr, true, StandardCharsets.UTF_8));

        log.info("hangs");
        entered.await();
        for (int i = 0; i < 90; i++) {
            log.info("waits {}", i);
        }
        assertThat(stderr.toString(StandardCharsets.UTF_8).lines()).hasSize(91);
        assertThat(writer.flush(Duration.ofMillis(10))).isFalse();
        assertThat(threads()).singleElement().matches(Thread::isDaemon);

        answers.countDown();
        assertThat(writer.flush(LONG)).isTrue();
        assertThat(file())
                .isEqualTo(stderr.toString(StandardCharsets.UTF_8).lines().toList());
        assertThat(reported).isEmpty();
    }

    @Test
    void whatIsDroppedIsToldWhereItIsMissing() throws Exception {
        logger(System.err);
        String large = "x".repeat(LogWriter.LONGEST_QUEUE / 4 - 1) + "\n";
        writer.write("hangs\n");
        entered.await();
        for (int i = 0; i < 4; i++) {
            writer.write(large);
        }
        for (int i = 0; i < 3; i++) {
            writer.write("dropped\n");
        }

        answers.countDown();
        assertThat(writer.flush(LONG)).isTrue();
        writer.write("after\n");
        assertThat(writer.flush(LONG)).isTrue();

        List<String> lines = file();
        assertThat(lines).hasSize(7).startsWith("hangs").endsWith("after").doesNotContain("dropped");
        assertThat(text(lines.get(5)))
                .isEqualTo("WARN  3 lines were dropped: they came faster than the disk took them");
        assertThat(reported)
                .containsExactly("The log file: 3 lines were dropped: they came faster than the disk took them");
    }

    /** If other lines come before the thread has caught up, the number is before the first of them. */
    @Test
    void theNumberIsBeforeTheFirstLineThatHasRoomAgain() throws Exception {
        logger(System.err);
        writer.write("hangs\n");
        entered.await();
        writer.write("x".repeat(LogWriter.LONGEST_QUEUE - 10) + "\n");
        writer.write("too long for the rest\n");
        writer.write("fits\n");

        answers.countDown();
        assertThat(writer.flush(LONG)).isTrue();

        List<String> texts = new ArrayList<>(file());
        assertThat(texts).hasSize(4).endsWith("fits");
        assertThat(text(texts.get(2))).isEqualTo("WARN  1 line was dropped: they came faster than the disk took them");
    }

    @Test
    void whatRemainsOfClosedFilesWhileTheDiskHangsIsTold() throws Exception {
        logger(System.err);
        writer.write("hangs\n");
        entered.await();

        new AgentLog(writer).close();

        assertThat(AgentLog.remains()).contains("The disk of the log file does not answer", LogWriter.THREAD);
        answers.countDown();
        assertThat(writer.loop().endsWithin(LONG)).isTrue();
        assertThat(AgentLog.remains()).isNull();
    }

    /** Otherwise a host whose stderr throws could keep the thread busy without end: each failure is logged. */
    @Test
    void whatTheThreadOfTheFileLogsIsNoNewWorkForIt() throws Exception {
        StderrLogger own = new StderrLogger("log-writer-test", clock, System.err);
        writer = new LogWriter(
                new LogFile(
                        folder,
                        file -> {
                            own.error("logged by the thread that writes");
                            return new RandomAccessFile(file.toFile(), "rw");
                        },
                        LogFile.LARGEST,
                        reported::add),
                released::countDown,
                clock,
                reported::add);
        writer.start();
        StderrServiceProvider.file = writer;

        writer.write("the only line\n");

        assertThat(writer.flush(LONG)).isTrue();
        writer.close();
        assertThat(file()).containsExactly("the only line");
    }

    @Test
    void theLastLinesBeforeAnOrderlyEndAreInTheFileAndNoThreadRemains() throws Exception {
        answers.countDown();
        StderrLogger log = logger(System.err);
        for (int i = 0; i < 50; i++) {
            log.info("line {}", i);
        }

        writer.close();

        assertThat(file()).hasSize(50).last().asString().endsWith("line 49");
        assertThat(threads()).isEmpty();
        assertThat(released.getCount()).isZero();
        log.info("after its end");
        assertThat(file()).hasSize(50);
    }

    @Test
    void anEndWhileTheDiskHangsIsReportedAndItsThreadEndsByItself() throws Exception {
        logger(System.err);
        writer.write("hangs\n");
        entered.await();
        writer.write("missing\n");

        writer.close();

        assertThat(reported).containsExactly("The disk of the log file does not answer; lines are missing there: 1");
        Thread thread = threads().get(0);
        assertThat(thread.isDaemon()).isTrue();
        assertThat(released.getCount()).as("the directory is still in use").isEqualTo(1);

        answers.countDown();
        thread.join();
        assertThat(released.getCount()).isZero();
        assertThat(file()).containsExactly("hangs");
    }
}
