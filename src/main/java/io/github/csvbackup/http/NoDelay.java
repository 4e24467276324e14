package io.github.csvbackup.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets TCP_NODELAY on a connection. JDK 17's server sends head and body apart, so that Nagle's algorithm and delayed acknowledgements
 * stall each answer of a kept connection by some 40 ms; newer JDKs do not. There is no public way to a connection's channel, and the
 * property that would help belongs to the host.
 */
final class NoDelay {
    private static final Logger LOG = LoggerFactory.getLogger(NoDelay.class);
    private static final String INTERNALS = "sun.net.httpserver";

    private volatile boolean possible = true;

    NoDelay(@Nullable Instrumentation instrumentation) {
        Module server = HttpExchange.class.getModule();
        Module ours = NoDelay.class.getModule();
        if (instrumentation != null && !server.isOpen(INTERNALS, ours)) {
            instrumentation.redefineModule(
                    server, Set.of(), Map.of(), Map.of(INTERNALS, Set.of(ours)), Set.of(), Map.of());
        }
    }

    void apply(HttpExchange exchange) {
        if (!possible) {
            return;
        }
        try {
            channel(exchange).setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (ReflectiveOperationException | RuntimeException e) {
            possible = false;
            LOG.info("Answers on kept connections may take 40 ms longer on JDK 17: {}", e.getMessage());
        } catch (IOException e) {
            LOG.debug("The client is gone", e);
        }
    }

    /** The connection's channel, by way of the server's internals. */
    static SocketChannel channel(HttpExchange exchange) throws ReflectiveOperationException {
        Object connection = read(read(exchange, "impl"), "connection");
        Method getChannel = connection.getClass().getDeclaredMethod("getChannel");
        getChannel.setAccessible(true);
        return (SocketChannel) getChannel.invoke(connection);
    }

    private static Object read(Object from, String field) throws ReflectiveOperationException {
        Field found = from.getClass().getDeclaredField(field);
        found.setAccessible(true);
        return found.get(from);
    }
}
