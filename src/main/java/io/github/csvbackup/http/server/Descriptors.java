package io.github.csvbackup.http.server;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** The process's file descriptors, which on Windows have no limit that counts. For one thread. */
final class Descriptors {
    /** So many are left to the host and to our own files. */
    private static final long SPARE = 32;

    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private boolean looked;
    private long lookedAt;
    private boolean scarce;

    /** The most that the process may have open; {@link Long#MAX_VALUE} where there is no limit, or where this Java does not tell it. */
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

    /** True if few were left, at most a tenth of a second ago: to count them takes its time. */
    boolean areScarce(long now) {
        if (!looked || now - lookedAt >= LOOK_EVERY_NANOS) {
            looked = true;
            lookedAt = now;
            // Where not even the count can be had, few are left.
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
