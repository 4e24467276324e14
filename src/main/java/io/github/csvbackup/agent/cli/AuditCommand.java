package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.LocalTime;
import io.github.csvbackup.agent.options.GivenValue;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.audit.AuditChain;
import io.github.csvbackup.audit.AuditRecord;
import io.github.csvbackup.audit.Mark;
import io.github.csvbackup.audit.Verification;
import io.github.csvbackup.state.FileTrouble;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.text.Times;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Reads only and takes no lock, so an agent may be writing at the same time. */
@Command(
        name = "audit",
        description = {
            "Prints who cleared which volume, when, and with which outcome.",
            "It changes nothing, and also works while an agent is running."
        },
        sortOptions = false)
final class AuditCommand implements Callable<Integer> {
    private static final int LONGEST_CELL = 8000;

    /** The volume and the outcome are within 80 columns. */
    private static final String COLUMNS = "%-6s %-26s %-26s %-16s %-10s %-18s %s";

    private final OptionsParser parser;
    private final PrintStream out;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "State directory of the agent (default: the agent's default)")
    private @Nullable String stateDir;

    @Option(
            names = "--verify",
            description = "Verifies the hash chain and the end of the audit instead of printing it. The exit code is 1"
                    + " if there is a problem")
    private boolean verify;

    @Option(
            names = "--expect",
            paramLabel = "LINE",
            description = "With --verify: NUMBER:HASH of a line that you noted, which the audit must contain. The"
                    + " agent's page, its log and --verify show the newest line")
    private @Nullable String expect;

    AuditCommand(CommandContext context) {
        this.parser = context.options();
        this.out = context.out();
    }

    @Override
    public Integer call() throws StartException {
        Mark expected = expect == null ? null : mark(expect);
        if (expected != null && !verify) {
            throw new UsageException("--expect has no effect without --verify; add --verify.");
        }
        Path folder = folder();
        try {
            if (verify) {
                return verify(folder, expected);
            }
            print(folder);
            return ExitCode.OK;
        } catch (IOException e) {
            throw new StartException(
                    "Cannot read the audit in " + folder + ": " + FileTrouble.of(e)
                            + ". Run this command as an administrator or as the agent's account.",
                    e);
        }
    }

    private static Mark mark(String text) throws UsageException {
        return Mark.parse(text)
                .orElseThrow(() -> new GivenValue("--expect", text)
                        .invalid("the number of a line, a colon, and its hash of 64 lower-case hexadecimal digits"));
    }

    private Path folder() throws StartException {
        var state = io.github.csvbackup.agent.options.Option.STATE_DIR;
        Path folder = parser.stateDir(stateDir == null ? Map.of() : Map.of(state, stateDir), RunCommand.ORIGIN);
        if (!Files.isDirectory(folder)) {
            throw new StartException(
                    "The state directory " + folder + " does not exist. Choose another with --state-dir.");
        }
        return folder;
    }

    private void print(Path folder) throws IOException {
        Times times = LocalTime.ofThisJvm();
        out.println(String.format(Locale.ROOT, COLUMNS, "NUMBER", "AT", "VOLUME", "OUTCOME", "KIND", "WHO", "WHAT"));
        long lines = AuditChain.read(
                folder,
                line -> out.println(
                        line.record() == null
                                ? "-      (" + line.file().getFileName() + ", line " + line.position()
                                        + " is damaged or cut off)"
                                : row(line.record(), times)));
        if (lines == 0) {
            out.println("The audit in " + folder
                    + " has no lines. If the agent uses another state directory, name it with --state-dir.");
        }
    }

    private static String row(AuditRecord line, Times times) {
        Instant at = line.time("at");
        boolean intent = line.text("kind").equals("intent");
        String who = line.text("principal").isEmpty() ? "agent" : line.text("principal") + "/" + line.text("surface");
        String overridden = line.text("reason").isEmpty() ? "" : "overridden: " + line.text("reason");
        return String.format(
                        Locale.ROOT,
                        COLUMNS,
                        line.number(),
                        cell(at == null ? line.text("at") : times.time(at)),
                        cell(line.text("volume")),
                        cell(intent ? line.text("verdict") : line.text("outcome")),
                        cell(line.text("kind")),
                        cell(who),
                        cell(intent ? overridden : line.text("message")))
                .stripTrailing();
    }

    /** Users chose parts of the text: it must not start a row of its own or move the cursor. */
    private static String cell(String text) {
        return OutsideText.printable(OutsideText.bounded(text, LONGEST_CELL));
    }

    private int verify(Path folder, @Nullable Mark expected) throws IOException {
        Verification found = AuditChain.verify(folder, expected);
        if (!found.problems().isEmpty()) {
            String first = "First problem: ";
            for (String problem : found.problems()) {
                out.println(first + OutsideText.printable(problem) + ".");
                first = "Further problem: ";
            }
            return ExitCode.SOFTWARE;
        }
        out.println("The audit is complete: " + found.lines()
                + " lines, and each contains the hash of the line before it.");
        if (expected != null) {
            out.println("It contains line " + expected.number() + " as you noted it.");
        }
        out.println("Its newest line is " + found.newest() + ". Note it elsewhere and compare later with --expect:"
                + " an account that can write to this directory could rewrite the whole audit.");
        return ExitCode.OK;
    }
}
