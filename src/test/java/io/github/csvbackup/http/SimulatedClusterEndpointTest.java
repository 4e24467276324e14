package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.security.Identity;
import io.github.csvbackup.security.Role;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SimulatedClusterEndpointTest {
    private final SimulatedClusterEndpoint endpoint = new SimulatedClusterEndpoint(call -> "answer to " + call);

    private Reply answer(String method, Identity sender, byte... body) {
        return endpoint.answer(new Request(
                method,
                URI.create("/simulated-cluster"),
                new RequestBody(body),
                null,
                null,
                sender,
                "127.0.0.1",
                "http://127.0.0.1:8778/"));
    }

    @Test
    void answersTheOperatorsToken() {
        Reply reply = answer("POST", Identity.TOKEN, "call".getBytes(StandardCharsets.UTF_8));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo("answer to call");
    }

    @Test
    void answersNobodyElse() {
        assertThat(answer("POST", Identity.ANONYMOUS).status()).isEqualTo(401);
        for (Role role : Role.values()) {
            assertThat(answer("POST", new Identity("jane", role)).status()).isEqualTo(403);
        }
    }

    @Test
    void refusesOtherMethodsAndBytesThatAreNoText() {
        assertThat(answer("GET", Identity.TOKEN).status()).isEqualTo(405);
        assertThat(answer("POST", Identity.TOKEN, (byte) 0xff).status()).isEqualTo(400);
    }
}
