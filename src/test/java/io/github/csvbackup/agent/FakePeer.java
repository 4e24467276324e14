package io.github.csvbackup.agent;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.github.csvbackup.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;

/** Answers in the place of a node's agent. It passes the questions on to the agent, so that the answers are true except for what a test changes. */
final class FakePeer implements AutoCloseable {
    private final HttpsServer server;
    private final SSLContext asker;
    private final URI real;
    private final AtomicInteger asked = new AtomicInteger();
    /** So that an answer that hangs does not delay others. */
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Makes the answer to a question. */
    @FunctionalInterface
    interface Answering {
        Reply to(String question) throws IOException;
    }

    record Reply(int status, Map<String, String> headers, String body) {
        static Reply ok(String body) {
            return new Reply(200, Map.of("Content-Type", "application/json"), body);
        }
    }

    /** Changes the evidence in an answer. */
    @FunctionalInterface
    interface Change {
        void to(Map<Object, Object> evidence);
    }

    private volatile Answering answering = question -> Reply.ok(truth(question));

    /**
     * Starts to answer with the truth.
     *
     * @param identity the certificate that it shows
     * @param asker the certificate with which it asks the agent itself
     * @param real the address of the agent for other machines
     */
    FakePeer(SSLContext identity, SSLContext asker, URI real) throws IOException {
        this.asker = asker;
        this.real = real;
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity));
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            String question = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Reply reply = answering.to(question);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** How many questions have come. */
    int asked() {
        return asked.get();
    }

    void answer(Answering now) {
        answering = now;
    }

    /** From now on, answers with the truth except for a change. */
    void answerWith(Change change) {
        answering = question -> changed(question, change);
    }

    /** The answer of the agent itself, except for a change. */
    Reply changed(String question, Change change) throws IOException {
        if (Json.read(truth(question)) instanceof Map<?, ?> reply && reply.get("value") instanceof Map<?, ?> evidence) {
            Map<Object, Object> changed = new LinkedHashMap<>(evidence);
            change.to(changed);
            Map<Object, Object> all = new LinkedHashMap<>(reply);
            all.put("value", changed);
            return Reply.ok(Json.write(all));
        }
        throw new IOException("the agent did not answer");
    }

    /** The answer of the agent itself. */
    String truth(String question) throws IOException {
        HttpsURLConnection connection =
                (HttpsURLConnection) real.resolve("jolokia/").toURL().openConnection(Proxy.NO_PROXY);
        connection.setSSLSocketFactory(asker.getSocketFactory());
        connection.setHostnameVerifier((host, session) -> true);
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(question.getBytes(StandardCharsets.UTF_8));
        }
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
