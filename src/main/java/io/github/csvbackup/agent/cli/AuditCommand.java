package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.audit.AuditChain;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.state.FileTrouble;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The command audit: prints the record or checks it. Reads only, and needs no lock: an agent may be writing meanwhile. */
final class AuditCommand {
    private AuditCommand() {}

    /** One line of text a line of the record. */
    static int print(Path folder, PrintStream out) throws StartException {
        require(folder);
        try {
            out.printf(
                    Locale.ROOT,
                    "%-8s %-20s %-10s %-12s %-30s %-18s %s%n",
                    "NUMBER",
                    "AT (UTC)",
                    "KIND",
                    "OUTCOME",
                    "VOLUME",
                    "WHO",
                    "WHAT");
            AuditChain.read(
                    folder,
                    (file, number, text, record) -> out.println(
                            record == null
                                    ? "-        (" + file.getFileName() + ", line " + number + " is cut off)"
                                    : row(record)));
            return CommandLine.OK;
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static String row(AuditRecord line) {
        String at = line.text("at");
        String who = line.text("principal").isEmpty() ? "agent" : line.text("principal") + "/" + line.text("surface");
        String what = line.text("kind").equals("intent")
                ? line.text("verdict") + (line.text("reason").isEmpty() ? "" : ", overruled: " + line.text("reason"))
                : line.text("message");
        return String.format(
                Locale.ROOT,
                "%-8d %-20s %-10s %-12s %-30s %-18s %s",
                line.number(),
                at.length() > 19 ? at.substring(0, 19).replace('T', ' ') : at,
                line.text("kind"),
                line.text("outcome"),
                line.text("volume"),
                who,
                what);
    }

    /** Checks the chain; the exit code is 1 if it is broken. */
    static int verify(Path folder, PrintStream out) throws StartException {
        require(folder);
        try {
            AuditChain.Verification found = AuditChain.verify(folder);
            if (found.broken() == null) {
                out.println("The audit is whole: " + found.lines() + " lines, each with the hash of the one before.");
                return CommandLine.OK;
            }
            out.println("The audit is broken first at " + found.broken() + ".");
            return CommandLine.FAILURE;
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static void require(Path folder) throws StartException {
        if (!Files.isDirectory(folder)) {
            throw new StartException("There is no state directory " + folder + ". Name it with --state-dir.");
        }
    }

    private static StartException unreadable(Path folder, IOException e) {
        return new StartException(
                "The audit in " + folder + " cannot be read: " + FileTrouble.of(e)
                        + ". Only the agent's account and administrators may.",
                e);
    }
}
