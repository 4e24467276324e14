package io.github.csvbackup.agent.cli;

import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.management.Registration;
import io.github.csvbackup.state.OperatorToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent on this machine, at its address for this machine.
 *
 * @param url with a slash at the end
 * @param stateDir has the files of the operator's token, and of the only address to which it may be sent
 */
record OwnAgent(URI url, Path stateDir) {
    private static final Logger LOG = LoggerFactory.getLogger(OwnAgent.class);
    private static final int TIMEOUT_MILLIS = 60_000;

    static URI url(String scheme, String host, int port) {
        return URI.create(scheme + "://" + (host.indexOf(':') < 0 || host.startsWith("[") ? host : "[" + host + "]")
                + ":" + port + "/");
    }

    /**
     * The address for this machine of the agent that uses a state directory.
     *
     * @throws IOException with a sentence for users
     */
    static URI listening(Path stateDir) throws IOException {
        Path file = stateDir.resolve(OperatorToken.URL_FILE);
        String label = "The file with the agent's address, " + file + ",";
        String text = TrustedFile.of(file, label, Privacy.READABLE).text().strip();
        try {
            URI found = new URI(text);
            if ("http".equals(found.getScheme()) && found.getHost() != null && found.getPort() > 0) {
                return found;
            }
        } catch (URISyntaxException e) {
            LOG.debug("{} {}", label, text, e);
        }
        throw new IOException(label + " contains none.");
    }

    /**
     * The operator's token.
     *
     * @throws IOException with a sentence for users, also if the token belongs to another address: whoever listens at this one must not get it
     */
    String token() throws IOException {
        URI listening = listening(stateDir);
        if (url.getPort() != listening.getPort() || !isSameHost(url.getHost(), listening.getHost())) {
            throw new IOException("The operator's token is not sent to " + url + ", because the agent with the state"
                    + " directory " + stateDir + " listens at " + listening + ".");
        }
        Path tokenFile = stateDir.resolve(OperatorToken.FILE);
        return TrustedFile.of(tokenFile, "The token file " + tokenFile, Privacy.SECRET)
                .text()
                .strip();
    }

    /** A connection goes to the first address of a name, as this does. */
    private static boolean isSameHost(String host, String other) throws UnknownHostException {
        return InetAddress.getByName(host).equals(InetAddress.getByName(other));
    }

    /** GET. */
    String get(String path) throws IOException {
        return answer(connection(path));
    }

    /** POST of JSON as the operator. */
    String post(String path, String json, String token) throws IOException {
        HttpURLConnection connection = connection(path);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
        connection.setRequestProperty("Authorization", "Bearer " + token);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(json.getBytes(StandardCharsets.UTF_8));
        }
        return answer(connection);
    }

    /**
     * Calls an operation without arguments as the operator.
     *
     * @return the fields of Jolokia's answer; only {@code error} if it is not one
     */
    Map<?, ?> call(String operation, String token) throws IOException {
        String request = Json.write(Map.of(
                "type",
                "exec",
                "mbean",
                Registration.name("CsvBackupState"),
                "operation",
                operation,
                "arguments",
                List.of()));
        String text = post("jolokia/", request, token);
        return Json.read(text) instanceof Map<?, ?> answer ? answer : Map.of("error", text);
    }

    private HttpURLConnection connection(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) url.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setInstanceFollowRedirects(false);
        return connection;
    }

    private static String answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
