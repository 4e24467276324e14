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
 * Limits the checks of new passwords, each of which takes some tenths of a second of a core. Thread-safe; its memory is bounded.
 *
 * <p><strong>Immediate checks</strong>, with an answer: at most {@value #AT_ONCE} at a time, one for each address. There is none while the address or the
 * name must wait after failures, or after failed checks have used up their time budget, which refills at a quarter of a core.
 *
 * <p><strong>Delayed checks</strong>, only for names that exist, so that attacks cannot lock users out: the client is asked to try again, and the check
 * runs on its own thread, so that the next attempt finds the password proven. There is one slot for names that were proven before and one for other
 * names, each with an eighth of a core. An address that failed with a name must wait before it can try this name again. Neither the answer nor its time
 * shows a client whether a name exists.
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

    /** A slot for one delayed check. */
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

    /** @param ownThread runs delayed checks */
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

    /** The outcome of an immediate check. */
    enum Outcome {
        RIGHT,
        WRONG,
        NOT_CHECKED
    }

    /**
     * Checks immediately, if the limits allow it.
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
     * Checks on another thread, if the limits allow it. Returns at once.
     *
     * @param wasProven whether a password of this name was proven before
     * @param check must remember a correct password
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
            LOG.warn("Cannot create a thread to check a password: {}", e.getMessage());
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
