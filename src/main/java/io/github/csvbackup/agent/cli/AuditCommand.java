package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.audit.AuditChain;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.audit.Verification;
import io.github.csvbackup.state.FileTrouble;
import io.github.csvbackup.text.OutsideText;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The command audit: prints the record or checks it. Reads only, and needs no lock: an agent may be writing meanwhile. */
final class AuditCommand {
    private static final int LONGEST_CELL = 8000;

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
                    line -> out.println(
                            line.record() == null
                                    ? "-        (" + line.file().getFileName() + ", line " + line.position()
                                            + " is damaged or cut off)"
                                    : row(line.record())));
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
                cell(at.length() > 19 ? at.substring(0, 19).replace('T', ' ') : at),
                cell(line.text("kind")),
                cell(line.text("outcome")),
                cell(line.text("volume")),
                cell(who),
                cell(what));
    }

    /** What it says was chosen by others, in part: it must not begin a row of its own or move the cursor. */
    private static String cell(String text) {
        return OutsideText.printable(OutsideText.bounded(text, LONGEST_CELL));
    }

    /**
     * Checks the audit; the exit code is 1 if it does not hold.
     *
     * @param expected a line that was noted elsewhere; null if there is none to compare with
     */
    static int verify(Path folder, @Nullable Mark expected, PrintStream out) throws StartException {
        require(folder);
        try {
            Verification found = AuditChain.verify(folder, expected);
            if (found.problems().isEmpty()) {
                out.println("The audit is whole: " + found.lines() + " lines, each with the hash of the one before.");
                if (expected != null) {
                    out.println("It holds line " + expected.number() + " as it was noted elsewhere.");
                }
                out.println("Its newest line is " + found.newest()
                        + ". Note that elsewhere, and compare later with --expect: who may write here could rewrite all of"
                        + " it.");
                return CommandLine.OK;
            }
            String first = "The audit is broken first at ";
            for (String problem : found.problems()) {
                out.println(first + OutsideText.printable(problem) + ".");
                first = "Also at ";
            }
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
