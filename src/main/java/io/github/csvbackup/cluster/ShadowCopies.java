package io.github.csvbackup.cluster;

import java.util.List;

/**
 * What a node says when it is asked for shadow copies.
 *
 * @param copies of all volumes that the node knows
 * @param vssBefore its Volume Shadow Copy service in the moment before the question, which starts it: what ran then was not started by this question
 */
public record ShadowCopies(List<ShadowCopy> copies, ServiceStatus vssBefore) {
    public ShadowCopies {
        copies = List.copyOf(copies);
    }
}
