package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.management.Registration;
import io.github.csvbackup.state.OperatorToken;
import io.github.csvbackup.text.OutsideText;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the agent of the service answers over HTTP: whether it is healthy, and its self test. */
final class ServiceAnswers {
    private static final int TIMEOUT_MILLIS = 60_000;

    private final Options options;

    ServiceAnswers(Options options) {
        this.options = options;
    }

    void print(PrintStream out) {
        if (options.remoteAccess().tlsKeystore() != null || options.port() == 0) {
            out.println("The agent is not asked: this command asks only on a fixed port without TLS.");
            return;
        }
        String host = options.host().indexOf(':') < 0 ? options.host() : "[" + options.host() + "]";
        URI url = URI.create("http://" + host + ":" + options.port() + "/");
        try {
            out.println("The agent at " + url + " answers: "
                    + OutsideText.printable(ask(url.resolve("healthz"), null).strip()));
            selfTest(url, out);
        } catch (IOException e) {
            out.println("The agent at " + url + " does not answer: " + e.getMessage() + ".");
        }
    }

    private void selfTest(URI url, PrintStream out) throws IOException {
        String request = Json.write(Map.of(
                "type",
                "exec",
                "mbean",
                Registration.name("CsvBackupState"),
                "operation",
                "selfTest",
                "arguments",
                List.of()));
        Object answer = Json.read(ask(url.resolve("jolokia/"), request));
        if (!(answer instanceof Map<?, ?> map) || !(map.get("value") instanceof List<?> checks)) {
            out.println("The agent has no self test: "
                    + OutsideText.printable(
                            String.valueOf(answer instanceof Map<?, ?> failed ? failed.get("error") : answer)));
            return;
        }
        out.println("Self test:");
        for (Object each : checks) {
            if (each instanceof Map<?, ?> check) {
                out.println(String.format(
                        Locale.ROOT,
                        "%-8s %s: %s",
                        text(check, "result"),
                        text(check, "check"),
                        text(check, "detail")));
                if (!text(check, "remedy").isEmpty()) {
                    out.println("         " + text(check, "remedy"));
                }
            }
        }
    }

    private static String text(Map<?, ?> check, String name) {
        Object value = check.get(name);
        return value == null ? "" : OutsideText.printable(value.toString());
    }

    /** GET, or POST with the operator's token. */
    private String ask(URI url, @Nullable String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        if (body != null) {
            Path file = options.stateDir().resolve(OperatorToken.FILE);
            String token = TrustedFile.of(file, "The token file " + file, Privacy.SECRET)
                    .text()
                    .strip();
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", "application/json; charset=utf-8");
            connection.setRequestProperty("Authorization", "Bearer " + token);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
        }
        int status = connection.getResponseCode();
        try (InputStream in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
