package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.http.server.Client;
import io.github.csvbackup.http.server.Head;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Identity;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests enter at the door for this machine. */
class LocalDoorTest {
    private static final String BEARER = "Bearer the token";

    private static LocalDoor door(String host, AnonymousAccess anonymous) {
        return new LocalDoor(host, 0, () -> "the token", anonymous);
    }

    private static Door.Entry judge(AnonymousAccess anonymous, boolean health, Map<String, List<String>> headers) {
        Head head = new Head("GET", URI.create("/"), "localhost", 1, headers, 0);
        LocalDoor door = door("127.0.0.1", anonymous);
        assertThat(door.mayJudgeSlowly(head)).isFalse();
        assertThat(door.expected(head)).isEmpty();
        return door.judge(head, new Client(InetAddress.getLoopbackAddress()), health ? "/healthz" : "/metrics");
    }

    @ParameterizedTest
    @EnumSource
    void whatNeedsNoCredentialsIsWhatTheOptionSays(AnonymousAccess anonymous) {
        assertThat(judge(anonymous, true, Map.of()).refusal()).isNull();
        assertThat(judge(anonymous, false, Map.of()).refusal() == null).isEqualTo(anonymous != AnonymousAccess.HEALTH);
        Door.Entry operator = judge(anonymous, false, Map.of("authorization", List.of(BEARER)));
        assertThat(operator.refusal()).isNull();
        assertThat(operator.who()).isEqualTo(Identity.TOKEN);
    }

    @Test
    void aRefusalSaysWhichOptionAndWhatToSend() {
        Reply reply = judge(AnonymousAccess.HEALTH, false, Map.of()).refusal();

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.headers()).containsKey("WWW-Authenticate");
        assertThat(reply.body())
                .isEqualTo(
                        "Without credentials this agent answers /healthz only (anonymous=health). Send the operator's"
                                + " token as Authorization: Bearer TOKEN, or use the address in remote-host as a user.\n");
    }

    /** A proxy on this machine would make every machine look local. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "forwarded",
                "via",
                "x-real-ip",
                "x-forwarded",
                "x-forwarded-for",
                "x-forwarded-host",
                "x-forwarded-proto",
                "x-forwarded-"
            })
    void aRequestOfAProxyGetsHealthOnlyEvenWithTheToken(String header) {
        Map<String, List<String>> headers = Map.of(header, List.of("127.0.0.1"), "authorization", List.of(BEARER));

        Door.Entry refused = judge(AnonymousAccess.ASSESS, false, headers);

        assertThat(refused.refusal().status()).isEqualTo(403);
        assertThat(refused.refusal().body())
                .isEqualTo(
                        "This request came through a proxy (Forwarded, X-Forwarded, X-Real-IP or Via), so it may come from"
                                + " another machine. Other machines use the address in remote-host, with HTTPS.\n");
        assertThat(refused.reason()).isEqualTo("proxy");
        assertThat(refused.who()).isEqualTo(Identity.ANONYMOUS);
        assertThat(judge(AnonymousAccess.ASSESS, true, headers).refusal()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void anAddressOffLoopbackIsRefusedAndNamesTheOptionForIt(String host) {
        assertThatThrownBy(() -> door(host, AnonymousAccess.ASSESS).where())
                .hasMessage("The host " + host
                        + " is not a loopback address: the options host and port are for this machine"
                        + " only. To listen for other machines, use remote-host=" + host + ".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1", "localhost"})
    void eachLoopbackAddressCanBeUsed(String host) throws Exception {
        assertThat(door(host, AnonymousAccess.ASSESS).where().getAddress().isLoopbackAddress())
                .isTrue();
    }
}
