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
 * @param answers of the nodes that were asked, by node, for all volumes; nodes that are proven down were not asked
 * @param known of the other nodes whose agents only a clear asks: the last list, or that there is none
 * @param at when the nodes were asked
 */
public record FoundShadowCopies(
        Volume volume,
        Map<String, NodeAnswer<ShadowCopies>> answers,
        Map<String, NodeAnswer<ShadowCopies>> known,
        Instant at) {
    public FoundShadowCopies {
        answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
        known = Collections.unmodifiableMap(new LinkedHashMap<>(known));
    }
}
