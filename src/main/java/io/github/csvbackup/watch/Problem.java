package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.CallTimeoutException;
import io.github.csvbackup.cluster.ClusterException;

/**
 * Why something could not be read.
 *
 * @param message what happened: a sentence without a full stop
 * @param remedy what to do: a sentence
 */
public record Problem(String message, String remedy) {
    public static Problem of(ClusterException e) {
        return new Problem(String.valueOf(e.getMessage()), e.remedy());
    }

    public static Problem of(CallTimeoutException e) {
        return new Problem(
                String.valueOf(e.getMessage()),
                "The call may hang because of a failover; check the cluster's state and try again.");
    }
}
