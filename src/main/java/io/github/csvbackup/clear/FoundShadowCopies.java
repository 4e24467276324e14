package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.NodeAnswer;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the nodes list.
 *
 * @param volume the volume that was asked about
 * @param answers by node, of all volumes; nodes that are proven to be down were not asked
 * @param at when the nodes were asked
 */
public record FoundShadowCopies(Volume volume, Map<String, NodeAnswer<ShadowCopies>> answers, Instant at) {
    public FoundShadowCopies {
        answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
    }
}
