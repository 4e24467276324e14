package io.github.csvbackup.cluster.simulated;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Sends requests to the agent that holds the simulated cluster. Its token changes with each start, so it is read again when it is refused. Thread-safe. */
final class HolderConnection {
    private static final int CONNECT_MILLIS = 5_000;
    /** Enough for a thousand volumes. */
    private static final int LARGEST_ANSWER = 1024 * 1024;

    private final URI url;
    private final Callable<String> tokenFile;
    private final Duration patience;
    private volatile @Nullable String token;

    /**
     * @param holder the address of the agent, with a slash at the end
     * @param tokenFile reads the operator's token of that agent
     * @param patience how long to wait for an answer
     */
    HolderConnection(URI holder, Callable<String> tokenFile, Duration patience) {
        this.url = holder.resolve("simulated-cluster");
        this.tokenFile = tokenFile;
        this.patience = patience;
    }

    /** An answer of another status than 200. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** Sends a request and returns the answer. */
    String post(String json) throws Exception {
        String known = token;
        if (known != null) {
            HttpURLConnection connection = send(json, known);
            if (connection.getResponseCode() != HttpURLConnection.HTTP_UNAUTHORIZED) {
                return answer(connection);
            }
        }
        String now = tokenFile.call();
        token = now;
        return answer(send(json, now));
    }

    private HttpURLConnection send(String json, String bearer) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout((int) patience.toMillis());
        connection.setInstanceFollowRedirects(false);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        // Otherwise the JDK may repeat the request, and a clear with it.
        connection.setFixedLengthStreamingMode(body.length);
        connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
        connection.setRequestProperty("Authorization", "Bearer " + bearer);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        return connection;
    }

    private static String answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        if (status != HttpURLConnection.HTTP_OK) {
            connection.disconnect();
            throw new RefusedException("HTTP " + status);
        }
        try (InputStream in = connection.getInputStream()) {
            byte[] answer = in.readNBytes(LARGEST_ANSWER + 1);
            if (answer.length > LARGEST_ANSWER) {
                throw new RefusedException("an answer longer than " + LARGEST_ANSWER + " bytes");
            }
            return new String(answer, StandardCharsets.UTF_8);
        }
    }
}
