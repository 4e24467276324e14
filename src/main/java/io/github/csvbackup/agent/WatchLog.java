package io.github.csvbackup.agent;

import io.github.csvbackup.agent.log.EachTime;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.ClearEvent;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.cluster.DisksByReason;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.eventlog.EventKind;
import io.github.csvbackup.eventlog.EventLog;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.WatchEvent;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.helpers.MessageFormatter;

/**
 * The log for an administrator: what happens to backup states and who asked for it (INFO), and what needs attention (WARN), once when it begins and
 * once when it ends.
 */
final class WatchLog {
    private static final Logger LOG = LoggerFactory.getLogger(WatchLog.class);
    private static final int MOST_NAMES = 5;

    private final Supplier<VolumeNames> names;
    private volatile @Nullable EventLog events;

    /** @param names the current names of the volumes */
    WatchLog(Supplier<VolumeNames> names) {
        this.names = names;
    }

    /** From now on, events also go to the Windows event log. */
    void alsoTo(EventLog other) {
        events = other;
    }

    void accept(WatchEvent event) {
        if (event instanceof WatchEvent.StateSet set) {
            reportEachTime(
                    EventKind.STATE_SET,
                    Level.INFO,
                    "The backup state of {} is set; its owner is {}",
                    names.get().of(set.volume().volume()),
                    set.volume().volume().ownerNode());
        } else if (event instanceof WatchEvent.StateEnded ended) {
            reportEachTime(
                    EventKind.STATE_ENDED,
                    Level.INFO,
                    "The backup state of {} ended after {}",
                    names.get().of(ended.volume().volume()),
                    Times.duration(ended.lasted()));
        } else if (event instanceof WatchEvent.PollFailing failing) {
            report(
                    EventKind.POLLS_FAIL,
                    Level.WARN,
                    "Polls fail: {}. {}",
                    failing.problem().message(),
                    failing.problem().remedy());
        } else if (event instanceof WatchEvent.PollRecovered) {
            report(EventKind.POLLS_RECOVERED, Level.INFO, "Polls succeed again");
        } else if (event instanceof WatchEvent.DisksUnreadable unreadable) {
            accept(unreadable.disks());
        } else if (event instanceof WatchEvent.DisksRecovered recovered) {
            accept(recovered);
        }
    }

    private void accept(List<UnreadableDisk> disks) {
        if (disks.size() == 1) {
            report(EventKind.DISKS_UNREADABLE, Level.WARN, "A shared disk cannot be read. {}", disks.get(0));
        } else {
            report(
                    EventKind.DISKS_UNREADABLE,
                    Level.WARN,
                    "{} shared disks cannot be read. {}",
                    disks.size(),
                    DisksByReason.text(disks));
        }
    }

    private void accept(WatchEvent.DisksRecovered recovered) {
        List<String> disks = recovered.resourceNames();
        if (disks.size() == 1) {
            report(
                    EventKind.DISKS_READABLE,
                    Level.INFO,
                    "{} is no longer among the disks that cannot be read",
                    disks.get(0));
        } else {
            report(
                    EventKind.DISKS_READABLE,
                    Level.INFO,
                    "{} disks are no longer among those that cannot be read: {}",
                    disks.size(),
                    disks.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                            + (disks.size() > MOST_NAMES ? ", ..." : ""));
        }
    }

    void accept(ClearEvent event) {
        if (event instanceof ClearEvent.Stale stale) {
            if (stale.backupRunning()) {
                reportEachTime(EventKind.LONG_BACKUP, Level.INFO, "{}", stale.message());
            } else {
                reportEachTime(EventKind.STALE, Level.WARN, "{}", stale.message());
            }
        } else if (event instanceof ClearEvent.Ended ended) {
            accept(ended.result(), ended.caller());
        } else if (event instanceof ClearEvent.Refused refused) {
            accept(refused.result(), refused.caller());
        } else if (event instanceof ClearEvent.Forced forced) {
            reportEachTime(
                    EventKind.FORCED,
                    Level.WARN,
                    "A forced clear of {} overrode the verdict {}, requested through {} by {}. Reason: {}",
                    forced.volume(),
                    forced.verdict(),
                    surface(forced.caller()),
                    forced.caller().principal(),
                    forced.reason());
        } else if (events != null && event instanceof ClearEvent.Suspect suspect) {
            // The log has a line already: that of the follow-up, and that of the stale state.
            toEventLog(EventKind.SUSPECT, suspect.message());
        } else if (events != null && event instanceof ClearEvent.Abandoned abandoned) {
            toEventLog(EventKind.ABANDONED, abandoned.message());
        }
    }

    private void accept(ClearResult result, Caller caller) {
        String pattern = "Clear of {}: {}, requested through {} by {}. {}";
        Object[] arguments = {
            result.volume().isEmpty() ? "an unknown volume" : result.volume(),
            result.outcome(),
            surface(caller),
            caller.principal(),
            result.message()
        };
        switch (result.outcome()) {
            case CLEARED -> reportEachTime(EventKind.CLEARED, Level.INFO, pattern, arguments);
            case NOTHING_TO_CLEAR -> LOG.info(EachTime.MARKER, pattern, arguments);
            case REFUSED -> reportEachTime(EventKind.REFUSED, Level.INFO, pattern, arguments);
            case NOT_CLEARED, FAILED, UNKNOWN -> reportEachTime(EventKind.FAILED, Level.WARN, pattern, arguments);
        }
    }

    private static String surface(Caller caller) {
        return caller.surface() + (caller.remoteAddress().isEmpty() ? "" : " from " + caller.remoteAddress());
    }

    /** The pattern also tells the log which lines are of one kind. */
    private void report(EventKind kind, Level level, String pattern, Object... arguments) {
        LOG.atLevel(level).log(pattern, arguments);
        alsoToEventLog(kind, pattern, arguments);
    }

    /** What happened to a volume, or who wanted to clear it. If it happens again within a minute, that is news, although the text is the same. */
    private void reportEachTime(EventKind kind, Level level, String pattern, Object... arguments) {
        if (level == Level.WARN) {
            LOG.warn(EachTime.MARKER, pattern, arguments);
        } else {
            LOG.info(EachTime.MARKER, pattern, arguments);
        }
        alsoToEventLog(kind, pattern, arguments);
    }

    private void alsoToEventLog(EventKind kind, String pattern, Object... arguments) {
        if (events != null) {
            toEventLog(kind, MessageFormatter.basicArrayFormat(pattern, arguments));
        }
    }

    private void toEventLog(EventKind kind, String text) {
        EventLog other = events;
        if (other != null) {
            other.write(kind, text);
        }
    }
}
