package io.github.csvbackup.http;

import io.github.csvbackup.http.server.Client;
import io.github.csvbackup.http.server.Head;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.security.Credentials;
import io.github.csvbackup.security.Identity;
import io.github.csvbackup.security.Passwords;
import io.github.csvbackup.security.PeerCertificates;
import io.github.csvbackup.security.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The door for other machines: TLS, users with passwords, and the other nodes of the cluster with their certificates. The operator's token is not valid
 * here.
 *
 * @param passwords null: there are no users
 * @param peers null: clients are not asked for a certificate
 */
public record RemoteDoor(
        String host,
        int port,
        Tls tls,
        @Nullable Passwords passwords,
        @Nullable PeerCertificates peers) implements Door {

    /** Without certificates of clients. */
    public RemoteDoor(String host, int port, Tls tls, Passwords passwords) {
        this(host, port, tls, passwords, null);
    }

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
        return passwords != null && Credentials.mayBePassword(head.header("Authorization"));
    }

    @Override
    public Optional<Identity> expected(Head head) {
        return passwords == null ? Optional.empty() : passwords.remembered(head.header("Authorization"));
    }

    @Override
    public Entry judge(Head head, Client client, String path) {
        if (passwords == null) {
            return withoutPassword(head, client, path);
        }
        Authentication known = passwords.check(head.header("Authorization"), client.address());
        return switch (known.proof()) {
            case GOOD -> Entry.of(known);
            case ABSENT -> withoutPassword(head, client, path);
            case WRONG ->
                Entry.refused(
                        "token",
                        Reply.unauthorized(
                                "The name or the password is wrong. The operator's token is valid only on the"
                                        + " node itself, over plain HTTP."));
            case BUSY -> Entry.refused("rate", checkedLater());
        };
    }

    /** A certificate alone makes a client a peer, and nothing else. Jolokia's endpoint knows which operation it may call. */
    private Entry withoutPassword(Head head, Client client, String path) {
        X509Certificate certificate = client.certificate();
        Optional<Identity> peer = peers == null || certificate == null ? Optional.empty() : peers.identify(certificate);
        boolean asks = peer.isPresent() && path.equals(JOLOKIA) && head.method().equals("POST");
        if (asks || path.equals(HEALTH)) {
            return new Entry(peer.orElse(Identity.ANONYMOUS), "", null);
        }
        if (peer.isPresent()) {
            return Entry.refused("role", Reply.text(403, peer.get().refusalOfPeer()));
        }
        // Without users, a browser must not ask for a password.
        return passwords == null
                ? Entry.refused(
                        "token",
                        Reply.text(
                                403,
                                "This address is for the other nodes of the cluster, with their certificates. For other"
                                        + " clients, the agent needs the option users."))
                : Entry.refused(
                        "token", Reply.unauthorized("This address needs a name and a password from the users file."));
    }

    private static Reply checkedLater() {
        Reply reply = Reply.text(
                429,
                "The password was not checked: there were too many wrong passwords from this address or for this name, or"
                        + " too many checks are running. Try again in a second.");
        return new Reply(reply.status(), reply.contentType(), reply.content(), Map.of("Retry-After", "1"));
    }
}
