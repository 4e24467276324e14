package io.github.csvbackup.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.security.Identity;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which requests are refused before they reach an endpoint. */
class AdmissionTest {
    private static final String TOKEN = "the token";
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private static Optional<Reply> refusal(AnonymousAccess anonymous, InetAddress remote, String path, String header) {
        Authentication authentication = new Authentication(() -> TOKEN, null, anonymous);
        return Admission.refusal(authentication, authentication.check(header, remote), remote, path);
    }

    @ParameterizedTest
    @EnumSource(AnonymousAccess.class)
    void whatNeedsNoCredentialsOnThisMachineIsWhatTheOptionSays(AnonymousAccess anonymous) {
        assertThat(refusal(anonymous, HERE, "/healthz", null)).isEmpty();
        for (String path : new String[] {"/", "/metrics", "/jolokia"}) {
            assertThat(refusal(anonymous, HERE, path, "Bearer " + TOKEN)).isEmpty();
            assertThat(refusal(anonymous, HERE, path, null).isPresent())
                    .as("%s with %s", path, anonymous)
                    .isEqualTo(anonymous == AnonymousAccess.HEALTH);
        }
    }

    @Test
    void aRefusalSaysWhichOptionAndWhatToSend() {
        Reply reply = refusal(AnonymousAccess.HEALTH, HERE, "/metrics", null).orElseThrow();

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.headers()).containsKey("WWW-Authenticate");
        assertThat(reply.body())
                .isEqualTo("Without credentials this agent answers /healthz only (anonymous=health). Send a name and"
                        + " password of the users file, or the operator's token as Authorization: Bearer TOKEN.\n");
    }

    @Test
    void fromAnotherMachineNothingButHealthIsServedWithoutCredentials() throws Exception {
        InetAddress elsewhere = InetAddress.getByName("192.0.2.1");

        assertThat(refusal(AnonymousAccess.ASSESS, elsewhere, "/healthz", null)).isEmpty();
        assertThat(refusal(AnonymousAccess.ASSESS, elsewhere, "/metrics", null)
                        .orElseThrow()
                        .body())
                .contains("Access from another machine needs a name and password");
        assertThat(refusal(AnonymousAccess.ASSESS, elsewhere, "/metrics", "Bearer wrong")
                        .orElseThrow()
                        .status())
                .isEqualTo(401);
    }

    @Test
    void aPasswordThatIsCheckedLaterIsToBeTriedAgainInASecond() {
        Authentication authentication = new Authentication(() -> TOKEN, null);
        Authentication.Result busy = new Authentication.Result(Authentication.Proof.BUSY, Identity.ANONYMOUS);

        Reply reply = Admission.refusal(authentication, busy, HERE, "/").orElseThrow();

        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.headers()).containsEntry("Retry-After", "1");
        assertThat(reply.body()).endsWith("Try again in a second.\n");
    }
}
