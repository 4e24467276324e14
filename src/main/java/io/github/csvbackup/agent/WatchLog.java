package io.github.csvbackup.agent;

import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.watch.WatchEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs problems that need attention: once when they begin, and once when they end. */
final class WatchLog {
    private static final Logger LOG = LoggerFactory.getLogger(WatchLog.class);

    private WatchLog() {}

    /** @param names the current names of the volumes */
    static void accept(WatchEvent event, VolumeNames names) {
        if (event instanceof WatchEvent.Stale stale) {
            LOG.warn("The backup state of {} is stale", names.of(stale.volume().volume()));
        } else if (event instanceof WatchEvent.PollFailing failing) {
            LOG.warn(
                    "Polls fail: {}. {}",
                    failing.problem().message(),
                    failing.problem().remedy());
        } else if (event instanceof WatchEvent.PollRecovered) {
            LOG.info("Polls succeed again");
        } else if (event instanceof WatchEvent.DiskUnreadable unreadable) {
            LOG.warn("A shared disk cannot be read. {}", unreadable.disk());
        } else if (event instanceof WatchEvent.DiskRecovered recovered) {
            LOG.info("{} is no longer among the disks that cannot be read", recovered.resourceName());
        }
    }
}
