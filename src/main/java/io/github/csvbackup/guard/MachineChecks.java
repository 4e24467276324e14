package io.github.csvbackup.guard;

import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.WatchedVolume;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Judges what virtual machines on the volume say. Only a machine that says that it is being backed up counts: the others may be backed up all the
 * same, so that none says so is not a check that passes.
 */
record MachineChecks(Times times, Snapshot snapshot, WatchedVolume watched, Instant now) {
    /** The node is asked each minute while this matters. */
    private static final Duration COUNTS = Duration.ofMinutes(5);

    private static final int LONGEST_NAME = 40;

    /** Empty if no machine says that it is being backed up. */
    List<Check> all() {
        List<MachineBackup> backups = snapshot.machineBackups().stream()
                .filter(backup -> backup.volume().equals(watched.volume().key()))
                .toList();
        return backups.isEmpty() ? List.of() : List.of(check(backups.get(0), backups.size() - 1));
    }

    private Check check(MachineBackup first, int others) {
        String name = "machines " + first.node();
        String told = ", told by Hyper-V at " + times.timeOn(now, first.at());
        String machine =
                "the virtual machine " + OutsideText.bounded(OutsideText.printable(first.machine()), LONGEST_NAME)
                        + (others == 0 ? "" : " and " + others + " more") + " on " + first.node();
        String verb = others == 0 ? " says that it is" : " say that they are";
        if (Duration.between(first.at(), now).compareTo(COUNTS) > 0) {
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    machine + (others == 0 ? " said that it was" : " said that they were") + " being backed up" + told
                            + "; Hyper-V has not answered since",
                    first.at(),
                    "Check the service vmms on " + first.node()
                            + "; the agent asks it again each minute, and forgets this after some hours without an answer.");
        }
        return new Check(
                        name,
                        CheckResult.BACKUP,
                        machine + verb + " being backed up" + told,
                        first.at(),
                        "Let the backup finish, or cancel its job in the backup product. If it has none, see Get-CsvBackupLeftover.")
                .told(told);
    }
}
