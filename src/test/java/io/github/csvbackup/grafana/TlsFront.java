package io.github.csvbackup.grafana;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** What stands before an agent that Prometheus scrapes from another machine: TLS and a user. The agent itself listens on loopback. */
final class TlsFront implements AutoCloseable {
    static final String USER = "prometheus";
    static final String PASSWORD = "a password of the test";
    private static final String KEYS = "changeit";

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final URI agent;

    TlsFront(URI agent, SSLContext tls) throws IOException {
        this.agent = agent;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.setExecutor(threads);
        server.createContext("/", this::forward).setAuthenticator(new BasicAuthenticator("agents") {
            @Override
            public boolean checkCredentials(String user, String password) {
                return user.equals(USER) && password.equals(PASSWORD);
            }
        });
        server.start();
    }

    /** A key whose certificate is written to {@code certificate}, where Prometheus reads it. */
    static SSLContext tls(Path folder, Path certificate) throws Exception {
        Path store = folder.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Programs.run(
                folder,
                List.of(
                        keytool,
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-alias",
                        "front",
                        "-dname",
                        "CN=127.0.0.1",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        KEYS));
        Files.writeString(
                certificate,
                Programs.run(
                        folder,
                        List.of(
                                keytool,
                                "-exportcert",
                                "-rfc",
                                "-alias",
                                "front",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                KEYS)));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, KEYS.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, KEYS.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** As it stands in a target list. */
    String target() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private void forward(HttpExchange exchange) throws IOException {
        int status;
        byte[] body;
        String type = "text/plain";
        try {
            String accept = exchange.getRequestHeaders().getFirst("Accept");
            HttpRequest.Builder request = HttpRequest.newBuilder(
                    agent.resolve(exchange.getRequestURI().getPath()));
            if (accept != null) {
                request.header("Accept", accept);
            }
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            status = answer.statusCode();
            body = answer.body();
            type = answer.headers().firstValue("Content-Type").orElse(type);
        } catch (IOException e) {
            status = 502;
            body = ("The agent does not answer: " + e).getBytes(StandardCharsets.UTF_8);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = 503;
            body = new byte[] {'\n'};
        }
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
