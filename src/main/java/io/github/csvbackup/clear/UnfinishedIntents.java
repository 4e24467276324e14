package io.github.csvbackup.clear;

import io.github.csvbackup.audit.AuditRecord;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears that an earlier run began and of which nobody knows how they ended. Each is told of in the log and the audit, counted while this
 * agent runs, and looked after like a clear that was done: it may have been. Thread-safe.
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
            // Before the audit says that they were told of, which is said once.
            saveNow.run();
        }
        for (AuditRecord intent : intents) {
            String message = "The clear of " + intent.text("volume") + " that " + intent.text("principal")
                    + " asked for at " + intent.text("at") + " (" + intent.text("id")
                    + ") has no outcome: the agent ended in the middle of it, or could not write it. The state may have"
                    + " been cleared then; check the backup jobs of that time.";
            LOG.warn("{}", message);
            messages.add(message);
            trail.unfinished(intent, message);
        }
    }

    List<String> messages() {
        return List.copyOf(messages);
    }
}
