package io.github.csvbackup.management;

import io.github.csvbackup.clear.ClearEvent;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.Outcome;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.leftover.Leftover;
import io.github.csvbackup.leftover.LeftoverKind;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchEvent;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import javax.management.JMException;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.NotificationEmitter;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;

/** Sends events as JMX notifications with dotted types; the user data is composite data or null. Thread-safe. */
public final class Notifications {
    private static final String[] TYPES = {
        "csvbackup.state.set",
        "csvbackup.state.ended",
        "csvbackup.state.stale",
        "csvbackup.state.backup_running",
        "csvbackup.state.abandoned",
        "csvbackup.clear.cleared",
        "csvbackup.clear.nothing_to_clear",
        "csvbackup.clear.refused",
        "csvbackup.clear.not_cleared",
        "csvbackup.clear.failed",
        "csvbackup.clear.unknown",
        "csvbackup.clear.suspect",
        "csvbackup.poll.failing",
        "csvbackup.poll.recovered",
        "csvbackup.leftover.found"
    };

    /** Gives {@link StandardMBean} the type of the user data, which it converts to composite data. */
    public interface VolumeData {
        VolumeView getValue();
    }

    /** The same for the result of a clear. */
    public interface ResultData {
        ResultView getValue();
    }

    /** The same for a leftover. */
    public interface LeftoverData {
        LeftoverView getValue();
    }

    /** What makes two leftovers the same one. */
    private record Occurrence(LeftoverKind kind, VolumeKey volume, String id) {
        Occurrence(Leftover leftover) {
            this(leftover.kind(), leftover.volume(), leftover.id());
        }
    }

    private final ObjectName source;
    private final NotificationBroadcasterSupport emitter;
    private final CsvBackupState state;
    private final Clock clock;
    private final Executor delivery;
    private final AtomicLong sequence = new AtomicLong();
    /** The others follow with the next polls, so that they leave room for news about states and clears. */
    private static final int MOST_LEFTOVERS_AT_ONCE = 50;

    private static final int LONGEST_MACHINE = 100;

    private List<Leftover> found = List.of();
    private List<Leftover> hidden = List.of();
    /** Those that listeners know. */
    private Set<Occurrence> told = Set.of();

    private boolean areMore;

    /**
     * @param source name of the MBean
     * @param delivery runs filters and listeners; they are code of the host and may wait for a thread that waits for a poll
     */
    public Notifications(ObjectName source, CsvBackupState state, Clock clock, Executor delivery) {
        this.source = source;
        this.state = state;
        this.clock = clock;
        this.delivery = delivery;
        this.emitter = new NotificationBroadcasterSupport(
                delivery,
                new MBeanNotificationInfo(
                        TYPES, Notification.class.getName(), "Events of backup states, clears, polls and leftovers."));
    }

    /** The part of the MBean that takes listeners. */
    public NotificationEmitter emitter() {
        return emitter;
    }

    public void accept(WatchEvent event) {
        if (event instanceof WatchEvent.StateSet set) {
            sendAbout(set.volume(), "state.set", view -> view.volume() + ": the backup state is set");
        } else if (event instanceof WatchEvent.StateEnded ended) {
            sendAbout(
                    ended.volume(),
                    "state.ended",
                    view -> view.volume() + ": the backup state ended after "
                            + ended.lasted().toSeconds() + " s");
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

    /** Tells of each leftover once, until it is gone: a backup of its machine hides it for some time. Called after each poll. */
    public synchronized void accept(Leftovers now) {
        if (now.found().equals(found) && now.hidden().equals(hidden) && !areMore) {
            return;
        }
        found = now.found();
        hidden = now.hidden();
        Set<Occurrence> known = new HashSet<>();
        for (Leftover leftover : hidden) {
            Occurrence occurrence = new Occurrence(leftover);
            if (told.contains(occurrence)) {
                known.add(occurrence);
            }
        }
        List<Leftover> fresh = new ArrayList<>();
        areMore = false;
        for (Leftover leftover : found) {
            Occurrence occurrence = new Occurrence(leftover);
            if (told.contains(occurrence)) {
                known.add(occurrence);
            } else if (fresh.size() < MOST_LEFTOVERS_AT_ONCE) {
                fresh.add(leftover);
                known.add(occurrence);
            } else {
                areMore = true;
            }
        }
        told = known;
        for (LeftoverView view : LeftoverView.of(fresh, state.watch().snapshot(), clock.instant())) {
            send(
                    "leftover.found",
                    view.volume() + ": a failed backup left something behind: " + view.kind()
                            + (view.machine() == null ? "" : " of the machine " + quoted(view.machine())) + " on "
                            + view.node()
                            + ". "
                            + view.advice() + " The command: " + view.command(),
                    composite(LeftoverData.class, () -> view));
        }
    }

    private static String quoted(String machine) {
        return "\"" + OutsideText.bounded(OutsideText.printable(machine), LONGEST_MACHINE) + "\"";
    }

    public void accept(ClearEvent event) {
        if (event instanceof ClearEvent.Ended ended) {
            send(ended.result());
        } else if (event instanceof ClearEvent.Refused refused) {
            send(refused.result());
        } else if (event instanceof ClearEvent.Stale stale) {
            sendAbout(
                    stale.volume(),
                    stale.backupRunning() ? "state.backup_running" : "state.stale",
                    view -> stale.message());
        } else if (event instanceof ClearEvent.Suspect suspect) {
            send("clear.suspect", suspect.message(), null);
        } else if (event instanceof ClearEvent.Abandoned abandoned) {
            send("state.abandoned", abandoned.message(), null);
        }
    }

    private void send(ClearResult result) {
        Outcome outcome = result.outcome();
        ResultView view = ResultView.of(result, "");
        send("clear." + outcome.label(), outcome + ": " + result.message(), composite(ResultData.class, () -> view));
    }

    private void sendAbout(WatchedVolume watched, String type, Function<VolumeView, String> message) {
        Snapshot snapshot = state.watch().snapshot();
        VolumeView view = state.view(snapshot, snapshot.names().of(watched.volume()), watched);
        send(type, message.apply(view), composite(VolumeData.class, () -> view));
    }

    private static <T> Object composite(Class<T> face, T data) {
        try {
            return new StandardMBean(data, face, true).getAttribute("Value");
        } catch (JMException e) {
            throw new IllegalStateException(face.getSimpleName() + " cannot be converted: " + e.getMessage(), e);
        }
    }

    private void send(String type, String message, @Nullable Object userData) {
        Notification notification =
                new Notification("csvbackup." + type, source, sequence.incrementAndGet(), clock.millis(), message);
        notification.setUserData(userData);
        delivery.execute(() -> emitter.sendNotification(notification));
    }
}
