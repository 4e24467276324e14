package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.cli.certificates.CertificateFolder;
import io.github.csvbackup.agent.cli.certificates.Keytool;
import io.github.csvbackup.agent.cli.demo.DemoAgents;
import io.github.csvbackup.agent.options.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Agents in processes of their own, which are the nodes of one simulated cluster. None may ask another node itself: they vouch for each other, with
 * certificates as an administrator would create them. The first holds the cluster.
 */
final class DemoNodes implements DemoAgents, AutoCloseable {
    private static final String DOMAIN = "example.com";

    private final ServiceSystem services;
    private final Path folder;
    private final List<String> names;
    private final int port;
    private final AtomicReferenceArray<NodeProcess> running;
    private List<Integer> remotePorts = List.of();

    /**
     * Starts nothing yet.
     *
     * @param folder for their files; exists, is private, and is the caller's to delete
     * @param port of the first agent; 0 for a free one
     */
    DemoNodes(ServiceSystem services, Path folder, int count, int port) {
        this.services = services;
        this.folder = folder;
        this.names = IntStream.rangeClosed(1, count).mapToObj(n -> "NODE" + n).toList();
        this.port = port;
        this.running = new AtomicReferenceArray<>(count);
    }

    /** Creates the certificates and starts the agents. After a failure, some run: the caller closes this. */
    void start() throws StartException {
        if (!Files.isRegularFile(services.jar())) {
            throw new StartException("Several agents need the packaged agent: " + services.jar() + " is not a jar.");
        }
        try {
            remotePorts = freePorts(names.size());
            createCertificates();
        } catch (IOException e) {
            throw new StartException("Cannot prepare the agents of the demo in " + folder + ": " + e + ".", e);
        }
        for (int i = 0; i < names.size(); i++) {
            start(i);
        }
    }

    /** Each agent must know the ports of the others before these listen. */
    private static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            List<Integer> ports = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                sockets.add(socket);
                ports.add(socket.getLocalPort());
            }
            return ports;
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    private void createCertificates() throws IOException, StartException {
        Path work = Files.createDirectory(folder.resolve("work"));
        new CertificateFolder(folder.resolve("certificates"), Keytool.ofThisJava(), Clock.systemUTC())
                .create("DEMO", names, DOMAIN, work);
        for (String name : names) {
            Files.createDirectory(folder.resolve(name));
        }
    }

    private List<String> options(int index) {
        Path certificate = folder.resolve("certificates").resolve(names.get(index));
        List<String> options = new ArrayList<>(List.of(
                "--backend=simulated",
                "--port=" + (index == 0 ? port : 0),
                "--poll-interval=250ms",
                "--poll-interval-others=250ms",
                "--stale-after=3s",
                "--quiet-time=1s",
                "--log-level=error",
                "--remote-host=127.0.0.1",
                "--remote-port=" + remotePorts.get(index),
                "--tls-keystore=" + certificate.resolve("agent.p12"),
                "--tls-password-file=" + certificate.resolve("agent.p12.password"),
                "--tls-trust=" + certificate.resolve("ca.pem"),
                "--peers=" + peers(index)));
        if (index == 0) {
            options.add("--simulated-nodes=" + names.size());
            options.add("--simulated-remote-access=false");
        } else {
            options.add("--simulated-join=" + running.get(0).url());
            options.add("--node=" + names.get(index));
            options.add("--simulated-token-file=" + running.get(0).tokenFile());
        }
        return options;
    }

    /** On one machine each has another port. */
    private String peers(int index) {
        return String.join(
                ",",
                IntStream.range(0, names.size())
                        .filter(other -> other != index)
                        .mapToObj(other -> names.get(other) + "=https://127.0.0.1:" + remotePorts.get(other) + "/")
                        .toList());
    }

    private void start(int index) throws StartException {
        running.set(index, NodeProcess.start(services, folder.resolve(names.get(index)), options(index)));
    }

    @Override
    public List<String> names() {
        return names;
    }

    @Override
    public URI url(int index) {
        return running.get(index).url();
    }

    /** What to try after the story. */
    List<String> exploration() throws StartException {
        List<String> lines =
                new ArrayList<>(List.of("", "The state directories of the agents, each with its operator.token:"));
        for (int i = 0; i < names.size(); i++) {
            lines.add("  " + names.get(i) + "  " + tokenFile(i).getParent());
        }
        lines.addAll(List.of(
                "What the other agents answer NODE1; try it in another window:",
                "  java -jar \"" + services.jar() + "\" peers --state-dir=\""
                        + tokenFile(0).getParent() + "\"",
                "",
                "The agents keep running until you press Ctrl+C."));
        return lines;
    }

    @Override
    public Path tokenFile(int index) {
        return running.get(index).tokenFile();
    }

    @Override
    public void stop(int index) {
        running.get(index).close();
    }

    @Override
    public void startAgain(int index) throws IOException {
        try {
            start(index);
        } catch (StartException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Stops all. */
    @Override
    public void close() {
        // The one that holds the cluster is the last.
        for (int i = running.length() - 1; i >= 0; i--) {
            NodeProcess process = running.get(i);
            if (process != null) {
                process.close();
            }
        }
    }
}
