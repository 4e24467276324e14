package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Option;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The commands, as picocli is told. */
final class CommandSpecs {
    static final String DEMO = "demo";
    static final String ATTACH = "attach";
    static final String DETACH = "detach";
    static final String PROBE = "probe";
    static final String AUDIT = "audit";
    static final String USER = "user";
    static final String VERIFY = "--verify";
    static final String PASSWORD_FILE = "--password-file";
    static final String EXPECT = "--expect";
    static final String STATE_DIR = "--state-dir";
    static final String JSON = "--json";
    static final String EXIT = "--exit";
    static final String PACE = "--pace";
    static final String PORT = "--port";
    static final String DEFAULT_PACE = "2s";

    private CommandSpecs() {}

    static picocli.CommandLine commandLine() {
        CommandSpec root = command("csv-backup-agent")
                .addOption(OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("Prints the version.")
                        .build());
        for (Option option : Option.values()) {
            root.addOption(value("--" + option.key(), option.valueLabel(), description(option)));
        }
        root.usageMessage()
                .description(
                        "Watches the Backup in Progress state of Cluster Shared Volumes and clears it when it is provably"
                                + " stale. Without a command it runs until it is ended.")
                .footer(
                        "",
                        "csv-backup-agent COMMAND --help tells more of a command.",
                        "Each option may also stand in the environment (CSV_BACKUP_STATE_DIR),",
                        "in the options file (state-dir=...), and in agent arguments:",
                        "  -javaagent:csv-backup-agent.jar=backend=simulated,port=0");
        root.addSubcommand(DEMO, demo());
        root.addSubcommand(PROBE, probe());
        root.addSubcommand(AUDIT, audit());
        root.addSubcommand(USER, user());
        root.addSubcommand(ATTACH, attach());
        root.addSubcommand(DETACH, detach());
        // Paths are full of what shells and picocli like to interpret: nothing is expanded, trimmed or unescaped here.
        return new picocli.CommandLine(root).setExpandAtFiles(false).setTrimQuotes(false);
    }

    private static CommandSpec demo() {
        CommandSpec demo = command("demo")
                .addOption(OptionSpec.builder(EXIT)
                        .description("Ends after the story; the exit code is 0 only if every step went as told.")
                        .build())
                .addOption(value(PACE, "TIME", "How long to wait after each step; " + DEFAULT_PACE + " unless given."))
                .addOption(value(PORT, "NUMBER", "The port to listen on; any free one unless given."));
        demo.usageMessage()
                .description(
                        "Plays the story of a backup that dies, on a simulated cluster, through the real HTTP server."
                                + " Then it stays up for exploring, unless --exit is given.");
        return demo;
    }

    private static CommandSpec probe() {
        CommandSpec probe = command("probe")
                .addOption(OptionSpec.builder(JSON)
                        .description("Prints one JSON object, for the report of a defect.")
                        .build());
        probe.usageMessage()
                .description(
                        "Tells what the agent can see of this node's cluster, and which functions and rights it has."
                                + " Reads only, changes nothing.");
        return probe;
    }

    private static CommandSpec audit() {
        CommandSpec audit = command("audit")
                .addOption(OptionSpec.builder(VERIFY)
                        .description(
                                "Checks the chain instead, and whether its newest line is the one that the agent noted; names"
                                        + " what does not hold. The exit code is 1 then.")
                        .build())
                .addOption(value(
                        EXPECT,
                        "NUMBER:HASH",
                        "With --verify: compares with a line that was noted elsewhere, as the page of the agent, its log and"
                                + " --verify show it."))
                .addOption(value(STATE_DIR, "DIR", "The agent's state directory; the default one unless given."));
        audit.usageMessage().description("Prints who cleared what, when and how it ended. Reads only.");
        return audit;
    }

    private static CommandSpec user() {
        CommandSpec user = command("user")
                .addPositional(PositionalParamSpec.builder()
                        .index("0")
                        .arity("1")
                        .type(String.class)
                        .paramLabel("NAME")
                        .description("The user's name.")
                        .build())
                .addPositional(PositionalParamSpec.builder()
                        .index("1")
                        .arity("1")
                        .type(String.class)
                        .paramLabel("ROLE")
                        .description("reader or operator.")
                        .build())
                .addOption(
                        value(
                                PASSWORD_FILE,
                                "FILE",
                                "Takes the password from the first line of a file that only this account can read; for scripts."));
        user.usageMessage()
                .description("Asks for a password and prints a line for the users file, in which only its hash stands."
                        + " Without a terminal the password is the first line of the input.");
        return user;
    }

    private static CommandSpec attach() {
        CommandSpec attach = command("attach")
                .addPositional(pid())
                .addPositional(PositionalParamSpec.builder()
                        .index("1")
                        .arity("0..1")
                        .type(String.class)
                        .paramLabel("key=value,...")
                        .description("The agent's options.")
                        .build());
        attach.usageMessage()
                .description("Starts the agent in a running JVM of the same user: attach PID backend=simulated,port=0");
        return attach;
    }

    private static CommandSpec detach() {
        CommandSpec detach = command("detach").addPositional(pid());
        detach.usageMessage()
                .description("Stops the agent in a running JVM, and nothing of it remains there: detach PID");
        return detach;
    }

    private static CommandSpec command(String name) {
        return CommandSpec.create()
                .name(name)
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Prints this help.")
                        .build());
    }

    private static PositionalParamSpec pid() {
        return PositionalParamSpec.builder()
                .index("0")
                .arity("1")
                .type(String.class)
                .paramLabel("PID")
                .description("The process id of the JVM.")
                .build();
    }

    private static OptionSpec value(String name, String label, String description) {
        return OptionSpec.builder(name)
                .arity("1")
                .type(String.class)
                .paramLabel(label)
                // Formats to picocli; a line break is ours, so that no name is cut in two.
                .description(description.replace("%", "%%").split("\n", -1))
                .build();
    }

    private static String description(Option option) {
        String text = Character.toUpperCase(option.description().charAt(0))
                + option.description().substring(1);
        return option.defaultValue().isEmpty() ? text + "." : text + "; " + option.defaultValue() + " unless given.";
    }
}
