package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Option;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.peer.PeerOutcome;
import io.github.csvbackup.text.OutsideText;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

@Command(
        name = "peers",
        description = {
            "Asks the agents of all other nodes, and prints what each answered.",
            "If an answer does not count, it says why and what to do. The agent on this",
            "node asks. It changes nothing, and needs the right to read the operator's token."
        },
        sortOptions = false,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:all answers count",
            "1:an answer does not count, the option peers names a node that the cluster does not have, or the command failed"
        })
final class PeersCommand implements Callable<Integer> {
    private final CommandContext context;

    @picocli.CommandLine.Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Options file of the agent, for its state directory")
    private @Nullable String config;

    @picocli.CommandLine.Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "State directory of the agent (default: the agent's default)")
    private @Nullable String stateDir;

    @picocli.CommandLine.Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "The agent's address for this machine (default: the one at which it listens)")
    private @Nullable String host;

    @picocli.CommandLine.Option(
            names = "--port",
            paramLabel = "NUMBER",
            description = "The port of that address (default: the one at which it listens)")
    private @Nullable String port;

    @picocli.CommandLine.Option(names = "--json", description = "Prints a JSON array, for a bug report")
    private boolean json;

    PeersCommand(CommandContext context) {
        this.context = context;
    }

    private static String sentence(IOException e) {
        String message = OutsideText.printable(String.valueOf(e.getMessage()));
        return message.endsWith(".") ? message : message + ".";
    }

    @Override
    public Integer call() throws StartException {
        OwnAgent agent = agent();
        List<?> peers;
        try {
            Map<?, ?> answer = agent.call("askPeers", token(agent));
            if (!(answer.get("value") instanceof List<?> list)) {
                throw new StartException("The agent at " + agent.url() + " cannot be asked about the others: "
                        + OutsideText.printable(String.valueOf(answer.get("error"))));
            }
            peers = list;
        } catch (IOException e) {
            throw new StartException(
                    "The agent at " + agent.url() + " does not answer: " + sentence(e) + " Check that it runs.", e);
        }
        if (json) {
            context.out().println(Json.write(peers));
        } else {
            print(peers, context.out());
        }
        return peers.stream().allMatch(PeersCommand::isFine) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private OwnAgent agent() throws StartException {
        Map<Option, String> given = new EnumMap<>(Option.class);
        // It matters to the agent only.
        given.put(Option.BACKEND, "simulated");
        put(given, Option.CONFIG, config);
        put(given, Option.STATE_DIR, stateDir);
        put(given, Option.HOST, host);
        put(given, Option.PORT, port);
        Options options = context.options().parse(given, RunCommand.ORIGIN);
        if (options.host() == null) {
            throw new StartException("This command needs an agent with an address for this machine (host).");
        }
        Path stateDir = options.stateDir();
        URI listening;
        try {
            listening = OwnAgent.listening(stateDir);
        } catch (IOException e) {
            throw new StartException(
                    e.getMessage() + " Check that the agent runs with the version of this command, and name its"
                            + " --state-dir or --config if they are not the usual ones.",
                    e);
        }
        boolean otherHost = context.options().isGiven(Option.HOST, given, RunCommand.ORIGIN);
        boolean otherPort = context.options().isGiven(Option.PORT, given, RunCommand.ORIGIN) && options.port() != 0;
        return new OwnAgent(
                OwnAgent.url(
                        "http",
                        otherHost ? options.host() : listening.getHost(),
                        otherPort ? options.port() : listening.getPort()),
                stateDir);
    }

    private static String token(OwnAgent agent) throws StartException {
        try {
            return agent.token();
        } catch (IOException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    private static void put(Map<Option, String> given, Option option, @Nullable String value) {
        if (value != null) {
            given.put(option, value);
        }
    }

    private static final String LINE = "%-14s %s: %s%n";

    private static void print(List<?> peers, PrintStream out) {
        if (peers.isEmpty()) {
            out.println(
                    "This agent asks no agents of other nodes: it needs the option tls-trust, and other nodes in its"
                            + " cluster.");
        } else {
            out.printf(Locale.ROOT, LINE, "OUTCOME", "NODE", "what its agent answered, or why that does not count");
        }
        for (Object each : peers) {
            if (each instanceof Map<?, ?> peer) {
                out.printf(
                        Locale.ROOT,
                        LINE,
                        text(peer, "outcome").isEmpty() ? "not asked" : text(peer, "outcome"),
                        text(peer, "node"),
                        text(peer, "said"));
                if (!text(peer, "remedy").isEmpty()) {
                    out.println("               " + text(peer, "remedy"));
                }
            }
        }
    }

    /** A node that is not asked on purpose is fine; one that the cluster does not have has a remedy. */
    private static boolean isFine(@Nullable Object each) {
        if (!(each instanceof Map<?, ?> peer)) {
            return false;
        }
        Object outcome = peer.get("outcome");
        return outcome == null ? text(peer, "remedy").isEmpty() : outcome.equals(PeerOutcome.ANSWERED.text());
    }

    private static String text(Map<?, ?> peer, String name) {
        Object value = peer.get(name);
        return value == null ? "" : OutsideText.printable(value.toString());
    }
}
