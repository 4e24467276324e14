package io.github.csvbackup.peer;

import java.time.Instant;

/** Questions that were asked, for tests of other packages. */
public final class SampleQuestions {
    private SampleQuestions() {}

    public static void answered(PeerRecords records, String node, Instant at) {
        add(records, node, PeerOutcome.ANSWERED, at);
    }

    public static void timedOut(PeerRecords records, String node, Instant at) {
        add(records, node, PeerOutcome.TIMEOUT, at);
    }

    private static void add(PeerRecords records, String node, PeerOutcome outcome, Instant at) {
        records.add(new PeerStatus(node, "https://" + node + "/", outcome, at, outcome.text(), ""), outcome);
    }
}
