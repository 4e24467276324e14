package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The tests' JVM opens the server's internals as the agent's manifest does. */
class NoDelayTest {
    @Test
    void theConnectionSendsAtOnce() throws Exception {
        List<Boolean> seen = new CopyOnWriteArrayList<>();
        NoDelay noDelay = new NoDelay(null);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                seen.add(NoDelay.channel(exchange).getOption(StandardSocketOptions.TCP_NODELAY));
                noDelay.apply(exchange);
                seen.add(NoDelay.channel(exchange).getOption(StandardSocketOptions.TCP_NODELAY));
                exchange.sendResponseHeaders(204, -1);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
        server.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
            HttpResponse<Void> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
            assertThat(answer.statusCode()).isEqualTo(204);
        } finally {
            server.stop(0);
        }
        assertThat(seen).containsExactly(false, true);
    }
}
