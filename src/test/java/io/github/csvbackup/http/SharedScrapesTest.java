package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.metrics.ScrapeFormat;
import io.github.csvbackup.text.PiecedText;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedScrapesTest {
    private static final ScrapeFormat GZIP = new ScrapeFormat(false, true);

    private final AtomicInteger scrapes = new AtomicInteger();
    private final SharedScrapes shared = new SharedScrapes(System::nanoTime);

    private PiecedText scrape() {
        return PiecedText.of("scrape " + scrapes.incrementAndGet());
    }

    @Test
    void nobodyGetsWhatIsOlderThanTheRequest() {
        assertThat(shared.get(ScrapeFormat.PLAIN, this::scrape).toString()).isEqualTo("scrape 1");
        assertThat(shared.get(ScrapeFormat.PLAIN, this::scrape).toString()).isEqualTo("scrape 2");
        assertThat(shared.get(GZIP, this::scrape).toString()).isEqualTo("scrape 3");
    }

    @Test
    void whoeverAsksWhileOneIsMadeSharesTheNext() throws Exception {
        int others = 8;
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(others + 1);
        try {
            Future<PiecedText> first = threads.submit(() -> shared.get(ScrapeFormat.PLAIN, () -> {
                making.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return scrape();
            }));
            making.await();
            List<Thread> waiting = new ArrayList<>();
            List<Future<PiecedText>> asked = new ArrayList<>();
            for (int i = 0; i < others; i++) {
                asked.add(threads.submit(() -> {
                    synchronized (waiting) {
                        waiting.add(Thread.currentThread());
                    }
                    return shared.get(ScrapeFormat.PLAIN, this::scrape);
                }));
            }
            while (!allAreBlocked(waiting, others)) {
                Thread.onSpinWait();
            }
            goOn.countDown();

            assertThat(first.get().toString()).isEqualTo("scrape 1");
            for (Future<PiecedText> each : asked) {
                assertThat(each.get().toString()).isEqualTo("scrape 2");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static boolean allAreBlocked(List<Thread> threads, int count) {
        synchronized (threads) {
            return threads.size() == count
                    && threads.stream().allMatch(thread -> thread.getState() == Thread.State.BLOCKED);
        }
    }
}
