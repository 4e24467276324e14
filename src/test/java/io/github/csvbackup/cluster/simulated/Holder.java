package io.github.csvbackup.cluster.simulated;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Stands for the agent that holds the simulated cluster. */
final class Holder implements AutoCloseable {
    volatile String token = "first";
    volatile UnaryOperator<String> answers;
    volatile int status = 200;
    private final HttpServer server;

    Holder(UnaryOperator<String> answers, int port) throws IOException {
        this.answers = answers;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/simulated-cluster", exchange -> {
            String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean known =
                    ("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = known ? this.answers.apply(request).getBytes(StandardCharsets.UTF_8) : new byte[1];
            exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"csv-backup-agent\"");
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(known ? status : 401, body.length);
            try (exchange) {
                exchange.getResponseBody().write(body);
            }
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
