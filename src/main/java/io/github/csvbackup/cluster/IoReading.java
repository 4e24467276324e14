package io.github.csvbackup.cluster;

import java.util.List;

/**
 * How the nodes reach the volumes.
 *
 * @param states by disk, then by node
 * @param unreadable the disks that did not answer
 */
public record IoReading(List<VolumeIoState> states, List<UnreadableDisk> unreadable) {
    public IoReading {
        states = List.copyOf(states);
        unreadable = List.copyOf(unreadable);
    }
}
