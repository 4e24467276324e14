package io.github.csvbackup.clear;

import org.jspecify.annotations.Nullable;

/**
 * The results of volumes that end before the guard has assessed them. Like the guard, their refusals say where VSS runs because this agent asked: who
 * was refused sees it running.
 */
record EarlyEnds(Clearer.Parts parts, BatchItems items) {
    ClearResult refused(ClearItem item, String why) {
        return ended(item.result(), Outcome.REFUSED, null, why);
    }

    /** The path of the volume has come to mean another one, which the result names. */
    ClearResult anotherVolume(ClearItem item, Lookup.Found now) {
        String why = Refusals.anotherVolume(item.volume(), now);
        return ended(new ClearResult.Builder(now.name()), Outcome.REFUSED, null, why);
    }

    ClearResult notFound(Lookup.Failed failed) {
        return ended(new ClearResult.Builder(""), failed.outcome(), failed.code(), failed.message());
    }

    private ClearResult ended(ClearResult.Builder result, Outcome outcome, @Nullable Integer code, String message) {
        StartedVss started = parts.gatherer().startedVss(parts.watch().snapshot());
        return items.ended(result.butIfRefused(started.sentences()).build(outcome, code, message));
    }
}
