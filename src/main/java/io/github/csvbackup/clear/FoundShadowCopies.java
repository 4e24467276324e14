package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.watch.NodeAnswer;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The shadow copies that the nodes list.
 *
 * @param volume the requested volume
 * @param answers by node, for all volumes; nodes that are proven down were not asked
 * @param at when the nodes were asked
 */
public record FoundShadowCopies(Volume volume, Map<String, NodeAnswer<ShadowCopies>> answers, Instant at) {
    public FoundShadowCopies {
        answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
    }
}
