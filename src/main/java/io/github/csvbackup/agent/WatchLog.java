package io.github.csvbackup.agent;

import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.ClearEvent;
import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.cluster.DisksByReason;
import io.github.csvbackup.cluster.UnreadableDisk;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.WatchEvent;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The log for an administrator: what happens to backup states and who asked for it (INFO), and what needs attention (WARN), once when it begins and
 * once when it ends.
 */
final class WatchLog {
    private static final Logger LOG = LoggerFactory.getLogger(WatchLog.class);
    private static final int MOST_NAMES = 5;

    private final Supplier<VolumeNames> names;

    /** @param names the current names of the volumes */
    WatchLog(Supplier<VolumeNames> names) {
        this.names = names;
    }

    void accept(WatchEvent event) {
        if (event instanceof WatchEvent.StateSet set) {
            LOG.info(
                    "The backup state of {} is set; its owner is {}",
                    names.get().of(set.volume().volume()),
                    set.volume().volume().ownerNode());
        } else if (event instanceof WatchEvent.StateEnded ended) {
            LOG.info(
                    "The backup state of {} ended after {}",
                    names.get().of(ended.volume().volume()),
                    Times.duration(ended.lasted()));
        } else if (event instanceof WatchEvent.PollFailing failing) {
            LOG.warn(
                    "Polls fail: {}. {}",
                    failing.problem().message(),
                    failing.problem().remedy());
        } else if (event instanceof WatchEvent.PollRecovered) {
            LOG.info("Polls succeed again");
        } else if (event instanceof WatchEvent.DisksUnreadable unreadable) {
            accept(unreadable.disks());
        } else if (event instanceof WatchEvent.DisksRecovered recovered) {
            accept(recovered);
        }
    }

    private static void accept(List<UnreadableDisk> disks) {
        if (disks.size() == 1) {
            LOG.warn("A shared disk cannot be read. {}", disks.get(0));
        } else {
            LOG.warn("{} shared disks cannot be read. {}", disks.size(), DisksByReason.text(disks));
        }
    }

    private static void accept(WatchEvent.DisksRecovered recovered) {
        List<String> disks = recovered.resourceNames();
        if (disks.size() == 1) {
            LOG.info("{} is no longer among the disks that cannot be read", disks.get(0));
        } else {
            LOG.info(
                    "{} disks are no longer among those that cannot be read: {}",
                    disks.size(),
                    disks.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
                            + (disks.size() > MOST_NAMES ? ", ..." : ""));
        }
    }

    void accept(ClearEvent event) {
        if (event instanceof ClearEvent.Stale stale) {
            if (stale.backupRunning()) {
                LOG.info("{}", stale.message());
            } else {
                LOG.warn("{}", stale.message());
            }
        } else if (event instanceof ClearEvent.Ended ended) {
            accept(ended.result(), ended.caller());
        } else if (event instanceof ClearEvent.Refused refused) {
            accept(refused.result(), refused.caller());
        }
    }

    private static void accept(ClearResult result, Caller caller) {
        Level level = switch (result.outcome()) {
            case CLEARED, NOTHING_TO_CLEAR, REFUSED -> Level.INFO;
            case NOT_CLEARED, FAILED, UNKNOWN -> Level.WARN;
        };
        LOG.atLevel(level)
                .log(
                        "Clear of {}: {}, requested through {}{} by {}. {}",
                        result.volume().isEmpty() ? "an unknown volume" : result.volume(),
                        result.outcome(),
                        caller.surface(),
                        caller.remoteAddress().isEmpty() ? "" : " from " + caller.remoteAddress(),
                        caller.principal(),
                        result.message());
    }
}
