package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.Finding;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SelfTestTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger runs = new AtomicInteger();

    private SelfTest selfTest(Supplier<List<Finding>> checks) {
        return new SelfTest(() -> {
            made.incrementAndGet();
            return checks;
        });
    }

    private List<Finding> slow() {
        begun.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return List.of(Finding.ok("run", Integer.toString(runs.incrementAndGet())));
    }

    private static CompletableFuture<List<Finding>> inBackground(SelfTest test, AtomicReference<Thread> thread) {
        return CompletableFuture.supplyAsync(test, task -> {
            thread.set(new Thread(task));
            thread.get().start();
        });
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whoeverAsksMeanwhileGetsTheSameResultAndTheNextANewOne() throws Exception {
        SelfTest test = selfTest(this::slow);
        assertThat(made).as("nothing is made before the first use").hasValue(0);
        AtomicReference<Thread> thread = new AtomicReference<>();
        CompletableFuture<List<Finding>> first = inBackground(test, thread);
        begun.await();
        CompletableFuture<List<Finding>> second = inBackground(test, thread);
        awaitWaiting(thread.get());
        goOn.countDown();

        assertThat(second.get()).isSameAs(first.get());
        assertThat(test.get()).containsExactly(Finding.ok("run", "2"));
        assertThat(made).hasValue(1);
    }

    @Test
    void aFailureReachesBothAndTheNextRunIsNew() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        SelfTest test = selfTest(() -> {
            if (calls.incrementAndGet() == 1) {
                List<Finding> unused = slow();
                throw new IllegalArgumentException("a bug");
            }
            return List.of();
        });
        AtomicReference<Thread> thread = new AtomicReference<>();
        CompletableFuture<List<Finding>> first = inBackground(test, thread);
        begun.await();
        CompletableFuture<List<Finding>> second = inBackground(test, thread);
        awaitWaiting(thread.get());
        goOn.countDown();

        assertThatThrownBy(first::get).hasRootCauseMessage("a bug");
        assertThatThrownBy(second::get)
                .hasRootCauseMessage("a bug")
                .hasMessageContaining("The self test that another client started failed");
        assertThat(test.get()).isEmpty();
    }
}
