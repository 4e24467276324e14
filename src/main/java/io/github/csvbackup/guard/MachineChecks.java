package io.github.csvbackup.guard;

import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.MachineBackup;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges what virtual machines on the volume say. Only a machine that says that it is being backed up counts: the others may be backed up all the
 * same, so that none says so is not a check that passes.
 *
 * @param ownNode the node of this agent
 */
record MachineChecks(Times times, String ownNode, Instant now) {
    /** The node is asked each minute while this matters. */
    private static final Duration COUNTS = Duration.ofMinutes(5);

    private static final int LONGEST_NAME = 40;

    /** One for each node with such a machine. */
    List<Check> of(List<MachineBackup> backups) {
        Map<String, List<MachineBackup>> byNode = new LinkedHashMap<>();
        for (MachineBackup backup : backups) {
            byNode.computeIfAbsent(backup.node(), node -> new ArrayList<>()).add(backup);
        }
        List<Check> checks = new ArrayList<>();
        byNode.values().forEach(ofNode -> checks.add(check(ofNode.get(0), ofNode.size() - 1)));
        return checks;
    }

    private Check check(MachineBackup first, int others) {
        String node = first.node();
        String name = "machines " + node;
        String told = ", told by Hyper-V at " + times.timeOn(now, first.at());
        String machine =
                "the virtual machine " + OutsideText.bounded(OutsideText.printable(first.machine()), LONGEST_NAME)
                        + (others == 0 ? "" : " and " + others + " more") + " on " + node;
        String verb = others == 0 ? " says that it is" : " say that they are";
        if (Duration.between(first.at(), now).compareTo(COUNTS) > 0) {
            boolean own = node.equalsIgnoreCase(ownNode);
            return new Check(
                    name,
                    CheckResult.UNKNOWN,
                    machine + (others == 0 ? " said that it was" : " said that they were") + " being backed up" + told
                            + (own ? "; Hyper-V has" : "; Hyper-V or the agent there has") + " not answered since",
                    first.at(),
                    "Check the service vmms" + (own ? "" : " and the agent") + " on " + node
                            + "; it is asked again each minute, and this is forgotten after some hours without an answer.");
        }
        return new Check(
                        name,
                        CheckResult.BACKUP,
                        machine + verb + " being backed up" + told,
                        first.at(),
                        "Let the backup finish, or cancel its job. Without a job it hangs: Restart-Service vmms on "
                                + node + ", or leftover-interval=off there; see guard.md first.")
                .told(told)
                .because(Check.Cause.of(
                        "virtual machines on " + Check.Cause.NODES + " say that they are being backed up",
                        "Let the backups finish, or cancel their jobs; see the checks.",
                        node));
    }
}
