package io.github.csvbackup.grafana;

import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.http.OwnAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jolokia.client.J4pClient;
import org.jolokia.client.request.J4pExecRequest;
import org.json.simple.JSONObject;

/** The packaged agent, which Prometheus scrapes with TLS at this machine's address, and a client on the node with the operator's token. */
final class Agent implements AutoCloseable {
    private final PackagedAgent agent;
    private final URI url;
    private final Access access;
    private final J4pClient operator;

    private Agent(PackagedAgent agent, Access access) throws Exception {
        this.agent = agent;
        this.access = access;
        this.url = URI.create("https://" + OwnAddress.get().getHostAddress() + ":"
                + agent.remoteUrl().getPort() + "/");
        this.operator = J4pClient.url(agent.url().resolve("jolokia/").toString())
                .user("operator")
                .password(Files.readString(agent.token()).strip())
                .build();
    }

    static Agent start(Path folder, int nodes, Access access) throws Exception {
        List<String> options = new ArrayList<>(List.of(
                "--simulated-nodes=" + nodes,
                "--simulated-volumes=2",
                "--poll-interval=500ms",
                "--poll-interval-others=500ms",
                "--stale-after=4s",
                "--quiet-time=1s",
                "--leftover-interval=1s",
                "--leftover-after=4s",
                "--allow-force=true"));
        options.addAll(access.options());
        return new Agent(PackagedAgent.start(folder, List.of("-Xmx64m"), options), access);
    }

    /** The agent's entry in a target list. */
    String target() {
        return url.getAuthority();
    }

    /** The HTTP status of a clear request without credentials. */
    int statusOfAClearWithoutCredentials() throws Exception {
        String clear =
                "{\"type\":\"exec\",\"mbean\":\"io.github.csvbackup:type=CsvBackupState\",\"operation\":\"clear\","
                        + "\"arguments\":[\"x\"]}";
        return HttpClient.newBuilder()
                .sslContext(Certificate.trust(access.keystore()))
                .build()
                .send(
                        HttpRequest.newBuilder(url.resolve("jolokia/"))
                                .POST(HttpRequest.BodyPublishers.ofString(clear))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Executes an operation of the simulated cluster. */
    void cluster(String operation, Object... arguments) throws Exception {
        execute("SimulatedCluster", operation, arguments);
    }

    /** Executes an operation of the agent and returns one field of its result. */
    String ask(String field, String operation, Object... arguments) throws Exception {
        return (String) ((JSONObject) execute("CsvBackupState", operation, arguments)).get(field);
    }

    private Object execute(String bean, String operation, Object... arguments) throws Exception {
        return operator.execute(new J4pExecRequest("io.github.csvbackup:type=" + bean, operation, arguments), "POST")
                .getValue();
    }

    @Override
    public void close() {
        agent.close();
    }
}
