package io.github.csvbackup.agent.cli;

import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.management.Registration;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The agent on this machine, at its address for this machine.
 *
 * @param url with a slash at the end
 * @param tokenFile the file of the operator's token
 */
record OwnAgent(URI url, Path tokenFile) {
    private static final int TIMEOUT_MILLIS = 60_000;

    static URI url(String scheme, String host, int port) {
        return URI.create(scheme + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port + "/");
    }

    /**
     * The operator's token.
     *
     * @throws IOException with a sentence for users
     */
    String token() throws IOException {
        return TrustedFile.of(tokenFile, "The token file " + tokenFile, Privacy.SECRET)
                .text()
                .strip();
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
