package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.security.PinnedTls;
import io.github.csvbackup.state.OperatorToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The agent on this machine that runs with these options, over HTTP.
 *
 * @param url with a slash at the end
 * @param tls trusts the agent's own certificate only; null for plain HTTP
 * @param tokenFile the file of the operator's token
 */
record OwnAgent(URI url, @Nullable SSLContext tls, Path tokenFile) {
    private static final int TIMEOUT_MILLIS = 60_000;

    /**
     * Does not connect yet. The port must be fixed.
     *
     * @throws IOException with a sentence for users, if the certificate cannot be read
     */
    static OwnAgent of(Options options) throws IOException {
        RemoteAccess access = options.remoteAccess();
        Path keystore = access.tlsKeystore();
        SSLContext tls = keystore == null ? null : PinnedTls.of(keystore, access.tlsPasswordFile());
        String host = reachable(options.host());
        URI url = URI.create((tls == null ? "http" : "https") + "://"
                + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + options.port() + "/");
        return new OwnAgent(url, tls, options.stateDir().resolve(OperatorToken.FILE));
    }

    /** An agent that listens on all addresses is on loopback, too. */
    private static String reachable(String host) {
        try {
            InetAddress address = InetAddress.getByName(host);
            return address.isAnyLocalAddress()
                    ? InetAddress.getLoopbackAddress().getHostAddress()
                    : host;
        } catch (UnknownHostException e) {
            return host;
        }
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

    private HttpURLConnection connection(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) url.resolve(path).toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setInstanceFollowRedirects(false);
        if (tls != null && connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(tls.getSocketFactory());
            // The certificate is exactly the expected one; it may name the node and not 127.0.0.1.
            secure.setHostnameVerifier((host, session) -> true);
        }
        return connection;
    }

    private static String answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
