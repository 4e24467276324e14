package io.github.csvbackup.http;

import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Authentication;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/** Who is let in to which path; what may be called there is up to the endpoint. */
final class Admission {
    private static final String HEALTH = "/healthz";

    private Admission() {}

    /**
     * What a request is refused with: 401 where credentials would help, 429 where they may help in a moment.
     *
     * @param who what the request's credentials are worth
     * @param remote where it comes from
     * @param path of the endpoint that it is for
     */
    static Optional<Reply> refusal(
            Authentication authentication, Authentication.Result who, InetAddress remote, String path) {
        return switch (who.proof()) {
            case WRONG ->
                Optional.of(Reply.unauthorized(
                        (authentication.knowsUsers() ? "The name, the password or the token" : "The token")
                                + " is wrong. The operator's token is in the file operator.token in the agent's state"
                                + " directory."));
            case BUSY -> Optional.of(checkedLater());
            case ABSENT -> withoutCredentials(authentication.anonymous(), remote, path);
            case GOOD -> Optional.empty();
        };
    }

    private static Reply checkedLater() {
        Reply reply = Reply.text(
                429,
                "The password was not checked now: there were too many wrong ones from this address or for this name, or"
                        + " others are being checked. Try again in a second.");
        return new Reply(reply.status(), reply.contentType(), reply.content(), Map.of("Retry-After", "1"));
    }

    private static Optional<Reply> withoutCredentials(AnonymousAccess anonymous, InetAddress remote, String path) {
        if (path.equals(HEALTH) || (remote.isLoopbackAddress() && anonymous.mayRead())) {
            return Optional.empty();
        }
        return Optional.of(Reply.unauthorized(
                remote.isLoopbackAddress()
                        ? "Without credentials this agent tells its state of health only (anonymous="
                                + anonymous.text() + "). Send a name and password of the users file, or the operator's"
                                + " token as Authorization: Bearer TOKEN."
                        : "From another machine reading needs a name and password of the users file."));
    }
}
