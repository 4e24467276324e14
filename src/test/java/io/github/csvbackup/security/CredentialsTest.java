package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.security.Authentication.Proof;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The operator's token in an Authorization header. */
class CredentialsTest {
    private static Proof proof(@Nullable String header) {
        return Credentials.checkToken(header, "the token").proof();
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theTokenIsABearersOrThePasswordOfOperator() {
        assertThat(Credentials.checkToken("Bearer the token", "the token").identity())
                .isEqualTo(Identity.TOKEN);
        assertThat(proof("  bearer  the token ")).isEqualTo(Proof.GOOD);
        assertThat(proof(basic("operator:the token"))).isEqualTo(Proof.GOOD);
    }

    @Test
    void anythingElseIsWrong() {
        for (String header : new String[] {
            "Bearer",
            "Bearer ",
            "Bearer the tokem",
            "Bearer the token2",
            basic("operator:another"),
            basic("ann:the token"),
            basic("the token"),
            "Basic ***",
            "Digest the token",
            "the token"
        }) {
            assertThat(proof(header)).as(header).isEqualTo(Proof.WRONG);
        }
    }

    @Test
    void noHeaderIsNoCredentials() {
        assertThat(proof(null)).isEqualTo(Proof.ABSENT);
        assertThat(proof(" ")).isEqualTo(Proof.ABSENT);
    }
}
