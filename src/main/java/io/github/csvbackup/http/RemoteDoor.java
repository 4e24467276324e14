package io.github.csvbackup.http;

import io.github.csvbackup.http.server.Client;
import io.github.csvbackup.http.server.Head;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.security.Credentials;
import io.github.csvbackup.security.Passwords;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** The door for other machines: TLS, and users with passwords. The operator's token is not valid here. */
public record RemoteDoor(String host, int port, SSLContext tls, Passwords passwords) implements Door {

    @Override
    public String portOption() {
        return "remote-port";
    }

    @Override
    public InetSocketAddress where() throws IOException {
        return where(host, port);
    }

    /** The same for options that are only checked. */
    public static InetSocketAddress where(String host, int port) throws IOException {
        return ListenAddress.of(host, port, "0.0.0.0");
    }

    /** Checking a password takes some tenths of a second, and may read the users file. */
    @Override
    public boolean mayJudgeSlowly(Head head) {
        return Credentials.mayBePassword(head.header("Authorization"));
    }

    @Override
    public Entry judge(Head head, Client client, boolean health) {
        Authentication known = passwords.check(head.header("Authorization"), client.address());
        return switch (known.proof()) {
            case GOOD -> Entry.of(known);
            case ABSENT ->
                health
                        ? Entry.of(known)
                        : Entry.refused(
                                "token",
                                Reply.unauthorized("This address needs a name and a password from the users file."));
            case WRONG ->
                Entry.refused(
                        "token",
                        Reply.unauthorized(
                                "The name or the password is wrong. The operator's token is valid only on the"
                                        + " node itself, over plain HTTP."));
            case BUSY -> Entry.refused("rate", checkedLater());
        };
    }

    private static Reply checkedLater() {
        Reply reply = Reply.text(
                429,
                "The password was not checked: there were too many wrong passwords from this address or for this name, or"
                        + " too many checks are running. Try again in a second.");
        return new Reply(reply.status(), reply.contentType(), reply.content(), Map.of("Retry-After", "1"));
    }
}
