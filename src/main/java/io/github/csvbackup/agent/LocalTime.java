package io.github.csvbackup.agent;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.text.Times;
import java.time.ZoneId;

/** Where the local time in messages comes from. */
@FunctionalInterface
public interface LocalTime {
    /** For a guest: from the cluster's node. Asking the JVM would set the host's property {@code user.timezone}. */
    LocalTime OF_THE_NODE = cluster -> new Times(instant -> cluster.localOffset());

    /** For an agent in its own JVM: the time zone of that JVM, which knows the offset at any time. */
    LocalTime OF_THIS_JVM = cluster -> ofThisJvm();

    /** Only for a JVM that is ours. */
    static Times ofThisJvm() {
        ZoneId zone = ZoneId.systemDefault();
        return new Times(instant -> zone.getRules().getOffset(instant));
    }

    Times times(Cluster cluster);
}
