package io.github.csvbackup.http;

import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Authentication;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;

/** Decides which paths a client may use. What it may call there is decided by the endpoint. */
final class Admission {
    private static final String HEALTH = "/healthz";

    private Admission() {}

    /**
     * The reply that refuses a request: 401 if credentials would help, 429 if they may help in a moment. Empty if the request is admitted.
     *
     * @param who result of checking the request's credentials
     * @param remote address of the client
     * @param path path of the requested endpoint
     */
    static Optional<Reply> refusal(
            Authentication authentication, Authentication.Result who, InetAddress remote, String path) {
        return switch (who.proof()) {
            case WRONG ->
                Optional.of(Reply.unauthorized((authentication.knowsUsers()
                                ? "The name, the password or the token is wrong."
                                : "The token is wrong, and this agent has no users.")
                        + " The operator's token is in the file operator.token in the agent's state"
                        + " directory."));
            case BUSY -> Optional.of(checkedLater());
            case ABSENT -> withoutCredentials(authentication.anonymous(), remote, path);
            case GOOD -> Optional.empty();
        };
    }

    private static Reply checkedLater() {
        Reply reply = Reply.text(
                429,
                "The password was not checked: there were too many wrong passwords from this address or for this name, or"
                        + " too many checks are running. Try again in a second.");
        return new Reply(reply.status(), reply.contentType(), reply.content(), Map.of("Retry-After", "1"));
    }

    private static Optional<Reply> withoutCredentials(AnonymousAccess anonymous, InetAddress remote, String path) {
        if (path.equals(HEALTH) || (remote.isLoopbackAddress() && anonymous.mayRead())) {
            return Optional.empty();
        }
        return Optional.of(Reply.unauthorized(
                remote.isLoopbackAddress()
                        ? "Without credentials this agent answers /healthz only (anonymous="
                                + anonymous.text() + "). Send a name and password of the users file, or the operator's"
                                + " token as Authorization: Bearer TOKEN."
                        : "Access from another machine needs a name and password from the users file."));
    }
}
