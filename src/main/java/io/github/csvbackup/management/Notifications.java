package io.github.csvbackup.management;

import io.github.csvbackup.clear.ClearEvent;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.openmbean.OpenMBean;
import io.github.csvbackup.openmbean.OpenValues;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchEvent;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Sends what happens as JMX notifications of dotted types; the user data is composite data or null. Thread-safe. */
public final class Notifications {
    private static final String[] TYPES = {
        "csvbackup.state.set",
        "csvbackup.state.ended",
        "csvbackup.state.stale",
        "csvbackup.state.abandoned",
        "csvbackup.clear.cleared",
        "csvbackup.clear.nothing_to_clear",
        "csvbackup.clear.refused",
        "csvbackup.clear.not_cleared",
        "csvbackup.clear.failed",
        "csvbackup.clear.unknown",
        "csvbackup.clear.suspect",
        "csvbackup.poll.failing",
        "csvbackup.poll.recovered"
    };

    private final ObjectName source;
    private final OpenMBean bean;
    private final CsvBackupState state;
    private final Clock clock;
    private final Executor delivery;
    private final AtomicLong sequence = new AtomicLong();

    /**
     * Notifications of a bean.
     *
     * @param delivery runs the filters of JMX clients: they are code of the host, and may wait for a lock that somebody holds who waits for a poll
     */
    public Notifications(ObjectName source, OpenMBean bean, CsvBackupState state, Clock clock, Executor delivery) {
        this.source = source;
        this.bean = bean;
        this.state = state;
        this.clock = clock;
        this.delivery = delivery;
    }

    /** What the bean announces. */
    public static MBeanNotificationInfo info() {
        return new MBeanNotificationInfo(
                TYPES, Notification.class.getName(), "what happens to backup states, clears and polls");
    }

    public void accept(WatchEvent event) {
        if (event instanceof WatchEvent.StateSet set) {
            send("state.set", set.volume(), ": the backup state is set");
        } else if (event instanceof WatchEvent.StateEnded ended) {
            send(
                    "state.ended",
                    ended.volume(),
                    ": the backup state ended after " + ended.lasted().toSeconds() + " s");
        } else if (event instanceof WatchEvent.Stale stale) {
            send("state.stale", stale.volume(), ": the backup state is stale");
        } else if (event instanceof WatchEvent.PollFailing failing) {
            send(
                    "poll.failing",
                    "Polls fail: " + failing.problem().message() + ". "
                            + failing.problem().remedy(),
                    null);
        } else if (event instanceof WatchEvent.PollRecovered) {
            send("poll.recovered", "Polls succeed again", null);
        }
    }

    public void accept(ClearEvent event) {
        if (event instanceof ClearEvent.Ended ended) {
            send(ended.result());
        } else if (event instanceof ClearEvent.Refused refused) {
            send(refused.result());
        } else if (event instanceof ClearEvent.Suspect suspect) {
            send("clear.suspect", suspect.message(), null);
        } else if (event instanceof ClearEvent.Abandoned abandoned) {
            send("state.abandoned", abandoned.message(), null);
        }
    }

    private void send(ClearResult result) {
        Outcome outcome = result.outcome();
        send("clear." + outcome.label(), outcome + ": " + result.message(), ResultView.of(result));
    }

    private VolumeView view(WatchedVolume watched) {
        Snapshot snapshot = state.watch().snapshot();
        return state.view(snapshot, snapshot.names().of(watched.volume()), watched);
    }

    private void send(String type, WatchedVolume watched, String message) {
        VolumeView view = view(watched);
        send(type, view.volume() + message, view);
    }

    private void send(String type, String message, @Nullable Record userData) {
        Notification notification =
                new Notification("csvbackup." + type, source, sequence.incrementAndGet(), clock.millis(), message);
        notification.setUserData(userData == null ? null : OpenValues.composite(userData));
        delivery.execute(() -> bean.sendNotification(notification));
    }
}
