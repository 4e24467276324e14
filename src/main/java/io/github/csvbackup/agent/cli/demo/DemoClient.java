package io.github.csvbackup.agent.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Sends requests to the agent over HTTP, like any client. */
final class DemoClient {
    private static final int TIMEOUT_MILLIS = 90_000;

    private final URI base;
    private final String token;
    private final Path tokenFile;

    /**
     * @param base the agent's address, with a slash at the end
     * @param token the operator's token
     * @param tokenFile its file, for the commands that the demo shows
     */
    DemoClient(URI base, String token, Path tokenFile) {
        this.base = base;
        this.token = token;
        this.tokenFile = tokenFile;
    }

    /** The address for requests in Jolokia's protocol. */
    URI jolokia() {
        return base.resolve("jolokia/");
    }

    Path tokenFile() {
        return tokenFile;
    }

    record Reply(int status, String body) {}

    Reply post(StoryRequest request) throws IOException {
        HttpURLConnection connection = open("jolokia/");
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
        if (request.withToken()) {
            connection.setRequestProperty("Authorization", "Bearer " + token);
        }
        try (OutputStream out = connection.getOutputStream()) {
            out.write(request.json().getBytes(StandardCharsets.UTF_8));
        }
        return reply(connection);
    }

    String metrics() throws IOException {
        Reply reply = reply(open("metrics"));
        if (reply.status() != HttpURLConnection.HTTP_OK) {
            throw new IOException("/metrics returned " + reply.status() + ": " + reply.body());
        }
        return reply.body();
    }

    private HttpURLConnection open(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) base.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        return connection;
    }

    private static Reply reply(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            String body = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return new Reply(status, body);
        }
    }
}
