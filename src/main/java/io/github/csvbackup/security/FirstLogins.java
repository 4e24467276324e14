package io.github.csvbackup.security;

import io.github.csvbackup.threads.DaemonThread;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may have a password checked that was not proven before, which costs some tenths of a second of a core. Thread-safe; its memory is bounded.
 *
 * <p><strong>At once</strong>, and with an answer: {@value #AT_ONCE} checks, one for each address, while neither the address nor the name has to wait after
 * failures and while checks that failed have not used up their time, which fills with a quarter of a core.
 *
 * <p><strong>Later</strong>, for names that exist, whatever the others do: the caller is told to try again, and the check is made on a thread of its own, so
 * that the next try finds the password proven. There is one place for names that were proven before and one for those that were not, each with an
 * eighth of a core; an address that failed with a name has to wait with that name. Neither the answer nor the time of a
 * check tells strangers whether a name exists.
 */
final class FirstLogins {
    private static final Logger LOG = LoggerFactory.getLogger(FirstLogins.class);
    private static final int AT_ONCE = 2;
    private static final long STOCK = TimeUnit.SECONDS.toNanos(3);

    private final LongSupplier nanoTime;
    private final Executor ownThread;
    private final BackOff addresses;
    private final BackOff names;
    private final BackOff namesOfAddresses;
    private final TimeBudget budget;
    private final Set<String> busyAddresses = new HashSet<>();
    private final Place provenBefore;
    private final Place neverProven;

    /** A place for one check that nobody waits for. */
    private static final class Place {
        final TimeBudget budget;
        boolean taken;

        Place(TimeBudget budget) {
            this.budget = budget;
        }
    }

    FirstLogins(LongSupplier nanoTime) {
        this(nanoTime, task -> DaemonThread.named("csv-backup-password", task).start());
    }

    /** @param ownThread runs what nobody waits for */
    FirstLogins(LongSupplier nanoTime, Executor ownThread) {
        this.nanoTime = nanoTime;
        this.ownThread = ownThread;
        this.addresses = new BackOff(nanoTime);
        this.names = new BackOff(nanoTime);
        this.namesOfAddresses = new BackOff(nanoTime);
        this.budget = new TimeBudget(STOCK, 4, nanoTime);
        this.provenBefore = new Place(new TimeBudget(STOCK, 8, nanoTime));
        this.neverProven = new Place(new TimeBudget(STOCK, 8, nanoTime));
    }

    /** What a check at once came to. */
    enum Outcome {
        RIGHT,
        WRONG,
        NOT_CHECKED
    }

    /**
     * Checks at once if that may be.
     *
     * @param from the {@link AddressGroup} of the sender
     */
    Outcome now(String from, String name, BooleanSupplier check) {
        synchronized (this) {
            if (busyAddresses.size() >= AT_ONCE
                    || busyAddresses.contains(from)
                    || addresses.holds(from)
                    || names.holds(name)
                    || !budget.isLeft()) {
                return Outcome.NOT_CHECKED;
            }
            busyAddresses.add(from);
        }
        try {
            if (timed(check, budget)) {
                return Outcome.RIGHT;
            }
            addresses.failed(from);
            names.failed(name);
            namesOfAddresses.failed(pair(from, name));
            return Outcome.WRONG;
        } finally {
            synchronized (this) {
                busyAddresses.remove(from);
            }
        }
    }

    /**
     * Checks on a thread of its own if that may be, else not at all. Returns at once.
     *
     * @param wasProven true if some password of that name was proven before
     * @param check remembers a password that is right
     */
    void later(String from, String name, boolean wasProven, BooleanSupplier check) {
        Place place = wasProven ? provenBefore : neverProven;
        synchronized (this) {
            if (place.taken || !place.budget.isLeft() || namesOfAddresses.holds(pair(from, name))) {
                return;
            }
            place.taken = true;
        }
        try {
            ownThread.execute(() -> check(place, from, name, check));
        } catch (OutOfMemoryError e) {
            free(place);
            LOG.warn("A password could not be checked, since no thread can be made: {}", e.getMessage());
        }
    }

    private void check(Place place, String from, String name, BooleanSupplier check) {
        try {
            if (!timed(check, place.budget)) {
                namesOfAddresses.failed(pair(from, name));
            }
        } finally {
            free(place);
        }
    }

    private boolean timed(BooleanSupplier check, TimeBudget lost) {
        long begun = nanoTime.getAsLong();
        boolean right = false;
        try {
            right = check.getAsBoolean();
            return right;
        } finally {
            if (!right) {
                lost.use(nanoTime.getAsLong() - begun);
            }
        }
    }

    private synchronized void free(Place place) {
        place.taken = false;
    }

    private static String pair(String from, String name) {
        return from + " " + name;
    }
}
