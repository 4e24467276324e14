package io.github.csvbackup.clear;

import io.github.csvbackup.audit.AuditRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears that an earlier run began without recording an outcome. Each is reported in the log and the audit, counted while this agent
 * runs, and followed up like a completed clear, because it may have taken effect. Thread-safe.
 */
final class UnfinishedIntents {
    private static final Logger LOG = LoggerFactory.getLogger(UnfinishedIntents.class);

    private final AuditTrail trail;
    private final Counters counters;
    private final AfterClear afterClear;
    private final Runnable saveNow;
    private final List<String> messages = new CopyOnWriteArrayList<>();

    UnfinishedIntents(AuditTrail trail, Counters counters, AfterClear afterClear, Runnable saveNow) {
        this.trail = trail;
        this.counters = counters;
        this.afterClear = afterClear;
        this.saveNow = saveNow;
    }

    void takeOver(List<AuditRecord> intents) {
        for (AuditRecord intent : intents) {
            counters.begun();
            afterClear.addCutOff(intent);
        }
        if (!intents.isEmpty()) {
            // Before the audit records the report, which is written once.
            saveNow.run();
        }
        for (AuditRecord intent : intents) {
            String message =
                    "The clear of " + intent.text("volume") + " requested by " + intent.text("principal") + " at "
                            + intent.text("at") + " (" + intent.text("id")
                            + ") has no outcome: the agent stopped during it or could not record it. The state may have been"
                            + " cleared; check the backup jobs of that time.";
            LOG.warn("{}", message);
            messages.add(message);
            trail.unfinished(intent, message);
        }
    }

    List<String> messages() {
        return List.copyOf(messages);
    }
}
