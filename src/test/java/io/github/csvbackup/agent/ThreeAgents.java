package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Three packaged agents as NODE1 to NODE3 of one simulated cluster, none of which may ask another node itself. NODE1's holds the cluster. Each is reached by
 * the others through a relay of its own, whose port stays when the agent starts again. Nodes are counted from 1.
 */
final class ThreeAgents implements AutoCloseable {
    private static final int COUNT = 3;

    private final Path folder;
    private final TestCertificates certificates;
    private final List<Relay> relays = new ArrayList<>();
    private final PackagedAgent[] running = new PackagedAgent[COUNT];
    private int starts;

    ThreeAgents(Path folder) throws Exception {
        this.folder = folder;
        certificates = new TestCertificates(folder.resolve("certificates"));
        for (int i = 0; i < COUNT; i++) {
            relays.add(new Relay());
        }
        for (int node = 1; node <= COUNT; node++) {
            start(node);
        }
    }

    static String name(int node) {
        return "NODE" + node;
    }

    TestCertificates certificates() {
        return certificates;
    }

    /** The network before a node. */
    Relay network(int node) {
        return relays.get(node - 1);
    }

    PackagedAgent agent(int node) {
        return running[node - 1];
    }

    AgentOperator operator(int node) {
        return AgentOperator.of(agent(node));
    }

    /** Controls the cluster. */
    AgentOperator cluster() {
        return operator(1);
    }

    /** Starts a node's agent; its state of before stays. */
    void start(int node) throws IOException {
        List<String> options = new ArrayList<>(options(node));
        if (node == 1) {
            options.addAll(List.of("--simulated-nodes=" + COUNT, "--simulated-remote-access=false"));
        } else {
            options.addAll(joining(node, agent(1)));
        }
        running[node - 1] = PackagedAgent.start(stateOf(node), List.of("-Xmx64m"), options);
        network(node).leadTo(agent(node).remoteUrl().getPort());
    }

    private Path stateOf(int node) {
        return folder.resolve(name(node));
    }

    /** The options with which an agent joins the cluster of another. */
    static List<String> joining(int node, PackagedAgent holder) {
        return List.of(
                "--simulated-join=" + holder.url(), "--node=" + name(node), "--simulated-token-file=" + holder.token());
    }

    /** The options of a node's agent, without its cluster. */
    List<String> options(int node) {
        Path certificate = certificates.of(name(node));
        return List.of(
                "--poll-interval=250ms",
                "--poll-interval-others=250ms",
                "--stale-after=2s",
                "--quiet-time=2s",
                "--leftover-interval=1s",
                "--remote-host=127.0.0.1",
                "--remote-port=0",
                "--tls-keystore=" + certificate.resolve("agent.p12"),
                "--tls-password-file=" + certificate.resolve("agent.p12.password"),
                "--tls-trust=" + certificate.resolve("ca.pem"),
                "--peers="
                        + String.join(
                                ",",
                                IntStream.rangeClosed(1, COUNT)
                                        .filter(other -> other != node)
                                        .mapToObj(other -> name(other) + "="
                                                + network(other).url())
                                        .toList()));
    }

    /** Starts one more agent that the test closes. */
    PackagedAgent startAnother(List<String> options) throws IOException {
        starts++;
        return PackagedAgent.start(folder.resolve("other" + starts), List.of("-Xmx64m"), options);
    }

    /** Lets a node's agent neither run nor end, so that the system accepts connections for it. */
    void suspend(int node) throws IOException {
        signal("-STOP", node);
    }

    void resume(int node) throws IOException {
        signal("-CONT", node);
    }

    private void signal(String signal, int node) throws IOException {
        if (ProcessHandle.of(agent(node).pid()).isPresent()) {
            Process kill = new ProcessBuilder(
                            "kill", signal, Long.toString(agent(node).pid()))
                    .inheritIO()
                    .start();
            assertThat(kill.onExit()).succeedsWithin(Duration.ofMinutes(1));
        }
    }

    /** Everything that a node's agent has logged. */
    String log(int node) throws IOException {
        return Files.readString(stateOf(node).resolve("stderr.txt"));
    }

    /** Ends all, the holder of the cluster last. */
    @Override
    public void close() throws IOException {
        for (int node = COUNT; node >= 1; node--) {
            if (running[node - 1] != null) {
                resume(node);
                running[node - 1].close();
            }
        }
        for (Relay relay : relays) {
            relay.close();
        }
    }
}
