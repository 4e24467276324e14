package io.github.csvbackup.http.server;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import javax.management.AttributeNotFoundException;
import javax.management.JMException;
import javax.management.ObjectName;

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
        return count("MaxFileDescriptorCount", Long.MAX_VALUE);
    }

    /** True if few descriptors were left when last counted, at most a tenth of a second ago: counting is slow. */
    boolean areScarce(long now) {
        if (!counted || now - countedAt >= COUNT_EVERY_NANOS) {
            counted = true;
            countedAt = now;
            // If counting itself fails, few are left.
            scarce = true;
            scarce = most() - count("OpenFileDescriptorCount", 0) < SPARE;
        }
        return scarce;
    }

    /**
     * Through the MBean, which exists on each system and in each Java. To ask ManagementFactory for it would cost a starting host some milliseconds.
     */
    private static long count(String attribute, long otherwise) {
        try {
            return (Long) ManagementFactory.getPlatformMBeanServer()
                    .getAttribute(new ObjectName(ManagementFactory.OPERATING_SYSTEM_MXBEAN_NAME), attribute);
        } catch (AttributeNotFoundException e) {
            // Windows, or a Java without the module jdk.management.
            return otherwise;
        } catch (JMException e) {
            throw new IllegalStateException("the file descriptors cannot be counted", e);
        }
    }
}
