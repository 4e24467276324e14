package io.github.csvbackup.http.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** The process's file descriptors. On Windows there is no relevant limit. Not thread-safe. */
final class Descriptors {
    /** Descriptors reserved for the host and for our own files. */
    private static final long SPARE = 32;

    private static final long COUNT_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private boolean counted;
    private long countedAt;
    private boolean scarce;

    /** The process's limit; {@link Long#MAX_VALUE} if there is none or this Java does not report it. */
    static long most() {
        try {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getMaxFileDescriptorCount()
                    : Long.MAX_VALUE;
        } catch (NoClassDefFoundError e) {
            // A Java without the module jdk.management.
            return Long.MAX_VALUE;
        }
    }

    /** True if few descriptors were left when last counted, at most a tenth of a second ago: counting is slow. */
    boolean areScarce(long now) {
        if (!counted || now - countedAt >= COUNT_EVERY_NANOS) {
            counted = true;
            countedAt = now;
            // If counting itself fails, few are left.
            scarce = true;
            scarce = left() < SPARE;
        }
        return scarce;
    }

    private static long left() {
        try {
            return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount()
                    : Long.MAX_VALUE;
        } catch (NoClassDefFoundError e) {
            return Long.MAX_VALUE;
        }
    }
}
