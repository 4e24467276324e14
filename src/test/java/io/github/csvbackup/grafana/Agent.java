package io.github.csvbackup.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedJar;
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
import java.util.concurrent.TimeUnit;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.jolokia.client.J4pClient;
import org.jolokia.client.request.J4pExecRequest;
import org.json.simple.JSONObject;

/** The packaged agent in a JVM of its own, on a simulated cluster of its own, and an operator of it. */
final class Agent implements AutoCloseable {
    private final Process process;
    private final URI url;
    private final Access access;
    private final J4pClient operator;

    private Agent(Process process, URI url, Path token, Access access) throws Exception {
        this.process = process;
        this.url = url;
        this.access = access;
        this.operator = J4pClient.url(url.resolve("jolokia/").toString())
                .user("operator")
                .password(Files.readString(token).strip())
                .sslConnectionSocketFactory(new SSLConnectionSocketFactory(Certificate.trust(access.keystore())))
                .build();
    }

    static Agent start(Path folder, int nodes, Access access) throws Exception {
        Files.createDirectories(folder);
        Path output = folder.resolve("stdout.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-jar",
                PackagedJar.path().toString(),
                "--backend=simulated",
                "--simulated-nodes=" + nodes,
                "--simulated-volumes=2",
                "--port=0",
                "--state-dir=" + folder.resolve("state"),
                "--poll-interval=500ms",
                "--stale-after=4s",
                "--quiet-time=1s",
                "--allow-force=true"));
        command.addAll(access.options());
        Process process = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(folder.resolve("stderr.txt").toFile())
                .start();
        try {
            Programs.await("the agent's first line", () -> {
                assertThat(process.isAlive())
                        .as("%s", Files.readString(folder.resolve("stderr.txt")))
                        .isTrue();
                assertThat(Files.readString(output)).contains("listening on").endsWith("\n");
            });
            int port = URI.create(Files.readString(output).strip().replaceFirst(".* (https://\\S+) .*", "$1"))
                    .getPort();
            URI url = URI.create("https://" + OwnAddress.get().getHostAddress() + ":" + port + "/");
            return new Agent(process, url, folder.resolve("state").resolve("operator.token"), access);
        } catch (Exception | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** As it stands in a target list. */
    String target() {
        return url.getAuthority();
    }

    /** The HTTP status of a request to clear from someone who does not say who he is. */
    int statusOfAClearByNobody() throws Exception {
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

    /** Lets something happen to the simulated cluster. */
    void cluster(String operation, Object... arguments) throws Exception {
        execute("SimulatedCluster", operation, arguments);
    }

    /** An operation of the agent whose result has this field. */
    String ask(String field, String operation, Object... arguments) throws Exception {
        return (String) ((JSONObject) execute("CsvBackupState", operation, arguments)).get(field);
    }

    private Object execute(String bean, String operation, Object... arguments) throws Exception {
        return operator.execute(new J4pExecRequest("io.github.csvbackup:type=" + bean, operation, arguments), "POST")
                .getValue();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
