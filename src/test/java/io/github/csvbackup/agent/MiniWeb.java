package io.github.csvbackup.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.csvbackup.clear.Caller;
import java.io.IOException;
import java.lang.reflect.Array;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.jolokia.shaded.org.json.simple.JSONObject;
import org.jolokia.shaded.org.json.simple.JSONValue;
import org.jspecify.annotations.Nullable;

/** Just enough of the HTTP server to try the wiring and the story without it. */
final class MiniWeb implements Web {
    private final HttpServer server;
    private final Parts parts;

    private MiniWeb(HttpServer server, Parts parts) {
        this.server = server;
        this.parts = parts;
    }

    static Web.Factory factory() {
        return new Web.Factory() {
            @Override
            public Web open(InetSocketAddress address, Parts parts) throws IOException {
                HttpServer server = HttpServer.create(address, 0);
                MiniWeb web = new MiniWeb(server, parts);
                server.createContext("/jolokia/", web::jolokia);
                server.createContext(
                        "/metrics",
                        exchange -> answer(
                                exchange, 200, parts.metrics().scrape(null).text()));
                server.start();
                return web;
            }

            @Override
            public @Nullable Caller callerHere() {
                return null;
            }
        };
    }

    @Override
    public InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void jolokia(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        JSONObject request = (JSONObject) JSONValue.parse(body);
        boolean operator =
                ("Bearer " + parts.token()).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!operator && "exec".equals(request.get("type")) && !"assess".equals(request.get("operation"))) {
            answer(exchange, 401, "the operator's token is missing");
            return;
        }
        Map<String, @Nullable Object> reply = new LinkedHashMap<>();
        reply.put("request", request);
        try {
            reply.put("value", json(value(parts.server(), request)));
            reply.put("status", 200);
        } catch (JMException e) {
            reply.put("error", e.toString());
            reply.put("status", 500);
        }
        answer(exchange, 200, JSONValue.toJSONString(reply));
    }

    private static Object value(MBeanServer server, JSONObject request) throws JMException {
        ObjectName name = new ObjectName((String) request.get("mbean"));
        if ("read".equals(request.get("type"))) {
            return server.getAttribute(name, (String) request.get("attribute"));
        }
        String operation = (String) request.get("operation");
        Object[] arguments = ((List<?>) request.get("arguments")).toArray();
        for (MBeanOperationInfo info : server.getMBeanInfo(name).getOperations()) {
            if (info.getName().equals(operation)) {
                String[] signature = new String[arguments.length];
                for (int i = 0; i < signature.length; i++) {
                    MBeanParameterInfo parameter = info.getSignature()[i];
                    signature[i] = parameter.getType();
                }
                return server.invoke(name, operation, arguments, signature);
            }
        }
        throw new JMException("no operation " + operation);
    }

    private static @Nullable Object json(@Nullable Object value) {
        if (value instanceof CompositeData composite) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            composite.getCompositeType().keySet().forEach(key -> map.put(key, json(composite.get(key))));
            return map;
        }
        if (value != null && value.getClass().isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            for (int i = 0; i < Array.getLength(value); i++) {
                list.add(json(Array.get(value, i)));
            }
            return list;
        }
        return value;
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
