package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the backups of one node.
 *
 * @param node the node's name
 * @param vss the VSS service at the last look; null if nobody has looked since some volume's state is set
 * @param vssStoppedSince the first of an unbroken row of looks that all saw the service stopped; null if the last did not
 * @param shadowCopies the last list of shadow copies; null if the node was not asked
 * @param shadowCopiesProcess the VSS service's process when that list was asked for; null if unknown
 */
public record NodeWatch(
        String node,
        @Nullable Answer<ServiceStatus> vss,
        @Nullable Instant vssStoppedSince,
        @Nullable Answer<List<ShadowCopy>> shadowCopies,
        @Nullable Long shadowCopiesProcess) {}
