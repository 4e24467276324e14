package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.http.Reply;
import io.github.csvbackup.http.Request;
import io.github.csvbackup.http.RequestBody;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Identity;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.management.MBeanServer;

/** Calls an endpoint for the agent's domain without a server. */
final class Door {
    private final JolokiaEndpoint endpoint;

    Door(MBeanServer beans) {
        this(beans, System::nanoTime);
    }

    /** @param nanoTime measures the time that reading takes */
    Door(MBeanServer beans, LongSupplier nanoTime) {
        this(new DomainMBeans(beans, "io.github.csvbackup", System::currentTimeMillis), nanoTime);
    }

    Door(DomainMBeans beans, LongSupplier nanoTime) {
        this.endpoint = new JolokiaEndpoint(beans, AnonymousAccess.ASSESS, nanoTime, 1);
    }

    Reply get(String uri) {
        return answer("GET", uri, new byte[0], Identity.TOKEN);
    }

    Reply post(String json) {
        return postTo("/jolokia/", json);
    }

    Reply postTo(String uri, String json) {
        return post(uri, json.getBytes(StandardCharsets.UTF_8));
    }

    Reply post(String uri, byte[] body) {
        return answer("POST", uri, body, Identity.TOKEN);
    }

    Reply anonymously(String json) {
        return answer("POST", "/jolokia/", json.getBytes(StandardCharsets.UTF_8), Identity.ANONYMOUS);
    }

    private Reply answer(String method, String uri, byte[] body, Identity who) {
        return endpoint.answer(new Request(
                method,
                URI.create(uri),
                new RequestBody(body),
                null,
                null,
                who,
                "127.0.0.1",
                "http://127.0.0.1:8778/"));
    }

    /** The body of an answer as JSON: a map, or a list of them. */
    static Object json(Reply reply) throws JsonException {
        return Json.read(reply.body());
    }

    static Map<?, ?> object(Reply reply) throws JsonException {
        return (Map<?, ?>) json(reply);
    }
}
