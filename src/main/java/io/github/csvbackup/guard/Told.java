package io.github.csvbackup.guard;

import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.Source;
import java.time.Instant;

/** Who said what a check has seen, and when. */
final class Told {
    private Told() {}

    /** {@code , told by its agent at 17:22:04 +01:00}; empty if the answer has no source. */
    static String by(NodeAnswer<?> answer, Times times, Instant now) {
        Source source = answer.source();
        return source == null ? "" : ", " + source.given() + " at " + times.timeOn(now, answer.at());
    }
}
