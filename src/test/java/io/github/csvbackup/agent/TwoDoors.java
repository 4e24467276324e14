package io.github.csvbackup.agent;

import io.github.csvbackup.Pause;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.http.TestUsers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Starts agents of this JVM that listen for this machine and for other ones, and sends them requests. */
final class TwoDoors {
    private static final String BEAN = "io.github.csvbackup:type=CsvBackupState";

    private final Path folder;
    private final String options;
    private final HttpClient http;

    TwoDoors(Path folder) throws Exception {
        this.folder = folder;
        Path keystore = Certificate.make(
                folder.resolve("agent.pfx"),
                "agent",
                "127.0.0.1",
                "-ext",
                "san=dns:NODE1.example.com,dns:localhost,ip:127.0.0.1");
        Path password = PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD);
        this.options =
                "remote-host=127.0.0.1,remote-port=0,tls-keystore=" + keystore + ",tls-password-file=" + password;
        this.http = client(Certificate.trust(keystore));
    }

    private TwoDoors(TwoDoors same, SSLContext client) {
        this.folder = same.folder;
        this.options = same.options;
        this.http = client(client);
    }

    private static HttpClient client(SSLContext tls) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(tls)
                .build();
    }

    /** The same for a client with a certificate for this DNS name, which {@link #trust} trusts. */
    TwoDoors as(String name) throws Exception {
        return new TwoDoors(this, Certificate.client(store(name)));
    }

    private Path store(String name) {
        return folder.resolve(name + ".p12");
    }

    /** The options of the door for other machines, with a free port. */
    String options() throws Exception {
        return options + ",users=" + TestUsers.file(folder);
    }

    /** The same without users, and with the certificates of clients with these DNS names. */
    String trust(String... names) throws Exception {
        StringBuilder trusted = new StringBuilder();
        for (String name : names) {
            Path made =
                    Certificate.make(store(name), "x", "127.0.0.1", "-ext", "san=dns:" + name, "-ext", "bc:c=ca:true");
            trusted.append(Files.readString(Certificate.pem(made, folder.resolve(name + ".pem"))));
        }
        return options + ",tls-trust=" + PrivateFile.write(folder.resolve("trust.pem"), trusted.toString());
    }

    /**
     * Starts an agent and waits for its first poll.
     *
     * @param more further options
     */
    Agent start(String more) throws Exception {
        Agent agent = started(more);
        while (send(agent.url(), "healthz", null, Map.of()).statusCode() == 503) {
            Pause.briefly();
        }
        return agent;
    }

    private Agent started(String more) throws Exception {
        String all = "backend=simulated,poll-interval=250ms,state-dir=" + folder.resolve("state") + "," + more
                + (more.contains(",port=") ? "" : ",port=0");
        return Agent.start(
                new OptionsParser(Map.of(), "Linux", folder).parse(OptionsParser.splitAgentArguments(all), "test"),
                () -> {
                    throw ClusterException.win32("OpenClusterEx", 1753);
                });
    }

    /** The address for other machines, as in the announcement. */
    static URI remote(Agent agent) {
        return URI.create(agent.announcement().replaceFirst(".* (https://\\S+) .*", "$1"));
    }

    Path tokenFile() {
        return folder.resolve("state").resolve("operator.token");
    }

    void leaveToken(String token) throws Exception {
        Files.deleteIfExists(tokenFile());
        PrivateFile.write(tokenFile(), token + "\n");
    }

    /**
     * Sends a request.
     *
     * @param body null for GET
     * @param headers names and values
     */
    HttpResponse<String> send(URI door, String path, @Nullable String body, Map<String, String> headers)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(door.resolve(path));
        if (body != null) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        headers.forEach(request::header);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Executes an operation, with these arguments as JSON. */
    static String exec(String operation, String arguments) {
        return "{\"type\":\"exec\",\"mbean\":\"" + BEAN + "\",\"operation\":\"" + operation + "\",\"arguments\":["
                + arguments + "]}";
    }

    static String write(String attribute, String value) {
        return "{\"type\":\"write\",\"mbean\":\"" + BEAN + "\",\"attribute\":\"" + attribute + "\",\"value\":\"" + value
                + "\"}";
    }

    static String read(String attribute) {
        return "{\"type\":\"read\",\"mbean\":\"" + BEAN + "\",\"attribute\":\"" + attribute + "\"}";
    }
}
