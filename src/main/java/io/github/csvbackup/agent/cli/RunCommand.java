package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.Agent;
import io.github.csvbackup.agent.FailedStart;
import io.github.csvbackup.agent.LocalTime;
import io.github.csvbackup.agent.log.AgentLog;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.agent.options.Version;
import java.util.concurrent.Callable;
import org.slf4j.event.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Without a command: runs the agent until the process ends. */
@Command(
        name = "java -jar csv-backup-agent.jar",
        abbreviateSynopsis = true,
        sortOptions = false,
        description = {
            "Watches the Backup in Progress state of Cluster Shared Volumes, and clears it",
            "if it is proven to be stale. Without a command, the agent runs until you stop it."
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:success", "1:the command failed", "2:wrong arguments"},
        footer = {
            "",
            "You can also set each option in the environment (CSV_BACKUP_STATE_DIR=...),",
            "in the options file (state-dir=...) and in agent arguments:",
            "  -javaagent:csv-backup-agent.jar=backend=simulated,port=0"
        })
final class RunCommand implements Callable<Integer> {
    static final String ORIGIN = "command line";

    private final CommandContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private RunCommand(CommandContext context) {
        this.context = context;
    }

    /** Its options come from {@link Option}, since agent arguments, the options file and the environment have the same. */
    static CommandSpec spec(CommandContext context) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new RunCommand(context))
                .version("csv-backup-agent " + Version.text())
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .scopeType(ScopeType.INHERIT)
                        .description("Prints this help")
                        .build())
                .addOption(OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("Prints the version")
                        .build());
        AgentOptions.addTo(spec);
        return spec;
    }

    @Override
    public Integer call() throws StartException {
        Options options = options();
        Agent agent;
        try {
            agent = Agent.start(options, context.windows(), LocalTime.OF_THIS_JVM);
        } catch (Throwable e) {
            FailedStart.report(options.log(), e);
            throw e;
        }
        context.out().println(agent.announcement());
        AgentLog.writeToFile(Level.INFO, agent.announcement());
        OrderlyEnd.onShutdown(agent::close);
        return OrderlyEnd.await();
    }

    Options options() throws UsageException {
        return context.options().parse(AgentOptions.given(spec), ORIGIN);
    }
}
