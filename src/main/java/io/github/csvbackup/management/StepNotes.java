package io.github.csvbackup.management;

import io.github.csvbackup.clear.ClearResult;
import io.github.csvbackup.clear.ClearTimes;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.guard.Verdict;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Instant;

/** What clients are told beside the guard's next step: the same in an assessment and in a refusal. */
record StepNotes(
        BackupStateSupport support, Snapshot snapshot, VolumeNames names, ClearTimes last, Times times, Instant now) {
    /** What a tired person reads. */
    private static final int LONGEST = 400;

    StepNotes(BackupStateSupport support, Snapshot snapshot, ClearTimes last, Times times, Instant now) {
        this(support, snapshot, snapshot.names(), last, times, now);
    }

    /**
     * Sentences after a space; empty if there is nothing to add.
     *
     * @param message that they are added to: if it is long, they are shorter
     */
    String of(Verdict verdict, Volume volume, String message) {
        boolean unverifiedIdle = verdict == Verdict.IDLE && support == BackupStateSupport.UNVERIFIED;
        String io = IoStateView.note(snapshot, volume);
        String earlier = verdict == Verdict.CLEARABLE ? unsuccessful(volume) : "";
        boolean isLong = message.length() + earlier.length() + io.length() > LONGEST;
        return earlier
                + (unverifiedIdle ? " But " + BackupStateSupport.UNVERIFIED.sentence() + "." : "")
                + (isLong && !io.isEmpty() ? " No direct I/O: see IoStates." : io);
    }

    private String unsuccessful(Volume volume) {
        Instant since = snapshot.volume(volume.key()).map(WatchedVolume::since).orElse(null);
        String sentence = last.unsuccessful(names.of(volume), since, times, now);
        return sentence.isEmpty() ? "" : " " + sentence;
    }

    ResultView view(ClearResult result) {
        Verdict verdict = result.verdict();
        return ResultView.of(result, verdict != null && isTheGuards(result, verdict) ? ofVolume(result, verdict) : "");
    }

    /** The message of the result is the guard's next step. */
    private static boolean isTheGuards(ClearResult result, Verdict verdict) {
        return switch (result.outcome()) {
            case REFUSED -> verdict != Verdict.CLEARABLE;
            case NOTHING_TO_CLEAR -> verdict == Verdict.IDLE;
            default -> false;
        };
    }

    private String ofVolume(ClearResult result, Verdict verdict) {
        return snapshot.volumes().stream()
                .map(WatchedVolume::volume)
                .filter(volume -> names.of(volume).equals(result.volume()))
                .findFirst()
                .map(volume -> of(verdict, volume, result.message()))
                .orElse("");
    }
}
