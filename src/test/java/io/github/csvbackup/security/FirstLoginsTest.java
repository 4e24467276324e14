package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.security.FirstLogins.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FirstLoginsTest {
    private final AtomicLong nanos = new AtomicLong();
    private final List<Runnable> later = new ArrayList<>();
    private final FirstLogins logins = new FirstLogins(nanos::get, later::add);

    private static boolean neverAsked() {
        throw new AssertionError("must not be checked");
    }

    @Test
    void oneCheckForEachAddressAndTwoInAll() {
        Outcome outcome = logins.now("a", "ann", () -> {
            assertThat(logins.now("a", "bob", FirstLoginsTest::neverAsked)).isEqualTo(Outcome.NOT_CHECKED);
            return logins.now("b", "bob", () -> {
                        assertThat(logins.now("c", "cay", FirstLoginsTest::neverAsked))
                                .isEqualTo(Outcome.NOT_CHECKED);
                        return true;
                    })
                    == Outcome.RIGHT;
        });

        assertThat(outcome).isEqualTo(Outcome.RIGHT);
        assertThat(logins.now("a", "bob", () -> false)).isEqualTo(Outcome.WRONG);
    }

    @Test
    void aCheckThatFailsByADefectFreesItsPlace() {
        for (int i = 0; i < 5; i++) {
            assertThat(catchError(() -> logins.now("a", "ann", FirstLoginsTest::neverAsked)))
                    .isNotNull();
            logins.later("a", "ann", false, FirstLoginsTest::neverAsked);
            assertThat(later).hasSize(1);
            assertThat(catchError(later.remove(0))).isNotNull();
        }
    }

    private static Throwable catchError(Runnable task) {
        try {
            task.run();
            return null;
        } catch (AssertionError e) {
            return e;
        }
    }

    @Test
    void namesThatWereProvenBeforeHaveAPlaceOfTheirOwn() {
        logins.later("a", "new", false, () -> true);
        logins.later("b", "newer", false, FirstLoginsTest::neverAsked);
        assertThat(later).as("the slot for new names is in use").hasSize(1);

        logins.later("b", "ann", true, () -> true);
        assertThat(later).hasSize(2);

        later.forEach(Runnable::run);
        logins.later("b", "newer", false, () -> true);
        assertThat(later).as("free again").hasSize(3);
    }

    @Test
    void whoGuessesANameFromOneAddressDoesNotTakeItsPlaceFromOtherAddresses() {
        AtomicInteger guesses = new AtomicInteger();
        for (int second = 0; second < 60; second++) {
            logins.later("stranger", "ann", false, () -> guesses.incrementAndGet() < 0);
            later.forEach(Runnable::run);
            later.clear();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        }
        assertThat(guesses).hasValueBetween(5, 9);

        logins.later("stranger", "ann", false, FirstLoginsTest::neverAsked);
        logins.later("home", "ann", false, () -> true);
        assertThat(later).hasSize(1);
    }

    @Test
    void withoutMemoryForAThreadThePlaceIsFreeAgain() {
        AtomicInteger tries = new AtomicInteger();
        FirstLogins without = new FirstLogins(nanos::get, task -> {
            tries.incrementAndGet();
            throw new OutOfMemoryError("unable to create native thread");
        });

        without.later("a", "ann", false, FirstLoginsTest::neverAsked);
        without.later("a", "ann", false, FirstLoginsTest::neverAsked);

        assertThat(tries).hasValue(2);
    }

    @Test
    void whatNobodyWaitsForRunsOnADaemonThreadOfOurs() throws Exception {
        CountDownLatch checked = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        new FirstLogins(System::nanoTime).later("a", "ann", false, () -> {
            threads.add(Thread.currentThread());
            checked.countDown();
            return true;
        });
        checked.await();

        assertThat(threads).singleElement().satisfies(thread -> {
            assertThat(thread.getName()).isEqualTo("csv-backup-password");
            assertThat(thread.isDaemon()).isTrue();
        });
    }
}
