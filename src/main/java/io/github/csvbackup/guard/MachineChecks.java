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

    /** One for each node with such a machine, by what one of them said last. */
    List<Check> of(List<MachineBackup> backups) {
        Map<String, List<MachineBackup>> byNode = new LinkedHashMap<>();
        for (MachineBackup backup : backups) {
            byNode.computeIfAbsent(backup.node(), node -> new ArrayList<>()).add(backup);
        }
        List<Check> checks = new ArrayList<>();
        byNode.values().forEach(ofNode -> checks.add(check(last(ofNode), ofNode.size() - 1)));
        return checks;
    }

    private static MachineBackup last(List<MachineBackup> backups) {
        MachineBackup last = backups.get(0);
        for (MachineBackup backup : backups) {
            last = backup.at().isAfter(last.at()) ? backup : last;
        }
        return last;
    }

    static String name(MachineBackup backup) {
        return "machines " + backup.node();
    }

    private Check check(MachineBackup last, int others) {
        String node = last.node();
        String name = name(last);
        String told = ", told by Hyper-V at " + times.timeOn(now, last.at());
        String machine =
                "the virtual machine " + OutsideText.bounded(OutsideText.printable(last.machine()), LONGEST_NAME)
                        + (others == 0 ? "" : " and " + others + " more") + " on " + node;
        String verb = others == 0 ? " says that it is" : " say that they are";
        if (Duration.between(last.at(), now).compareTo(COUNTS) > 0) {
            boolean own = node.equalsIgnoreCase(ownNode);
            String silent = own ? "; Hyper-V has" : "; Hyper-V or the agent there has";
            return new Check(
                            name,
                            CheckResult.UNKNOWN,
                            machine + (others == 0 ? " said that it was" : " said that they were") + " being backed up"
                                    + told + silent + " not answered since",
                            last.at(),
                            "Check the service vmms" + (own ? "" : " and the agent") + " on " + node
                                    + "; without an answer this is forgotten after some hours.")
                    .told(told)
                    .because(Check.Cause.of(
                            "virtual machines on " + Check.Cause.NODES
                                    + " said that they were being backed up; there was no answer since",
                            "Check the service vmms and the agents there; see the checks.",
                            node));
        }
        return new Check(
                        name,
                        CheckResult.BACKUP,
                        machine + verb + " being backed up" + told,
                        last.at(),
                        "Let the backup finish, or cancel its job. Without a job it hangs: Restart-Service vmms on "
                                + node + ", or leftover-interval=off there; see guard.md first.")
                .told(told)
                .because(Check.Cause.of(
                        "virtual machines on " + Check.Cause.NODES + " say so",
                        "Let them end, or cancel their jobs.",
                        node));
    }
}
