package io.github.csvbackup.http;

import io.github.csvbackup.http.server.Client;
import io.github.csvbackup.http.server.Head;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.security.Credentials;
import io.github.csvbackup.security.Identity;
import io.github.csvbackup.security.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The door for this machine: plain HTTP on loopback. It knows the operator's token, which is new at each start, and no passwords: another program may have
 * the port while the agent does not run, and would learn them.
 *
 * @param token returns the current token; called for each check
 * @param anonymous access without credentials
 */
public record LocalDoor(String host, int port, Supplier<String> token, AnonymousAccess anonymous) implements Door {

    @Override
    public String portOption() {
        return "port";
    }

    @Override
    public @Nullable Tls tls() {
        return null;
    }

    @Override
    public InetSocketAddress where() throws IOException {
        return where(host, port);
    }

    /** The same for options that are only checked. */
    public static InetSocketAddress where(String host, int port) throws IOException {
        InetSocketAddress where = ListenAddress.of(host, port, "127.0.0.1");
        if (!where.getAddress().isLoopbackAddress()) {
            throw new IOException(
                    "The host " + host + " is not a loopback address: the options host and port are for this"
                            + " machine only. To listen for other machines, use remote-host=" + host + ".");
        }
        return where;
    }

    @Override
    public boolean mayJudgeSlowly(Head head) {
        return false;
    }

    @Override
    public Optional<Identity> expected(Head head) {
        return Optional.empty();
    }

    @Override
    public Entry judge(Head head, Client client, String path) {
        boolean health = path.equals(HEALTH);
        if (!health && cameThroughAProxy(head)) {
            return Entry.refused(
                    "proxy",
                    Reply.text(
                            403,
                            "This request came through a proxy (Forwarded, X-Forwarded, X-Real-IP or Via), so it may come from"
                                    + " another machine. Other machines use the address in remote-host, with HTTPS."));
        }
        Authentication known = Credentials.checkToken(head.header("Authorization"), token.get());
        return switch (known.proof()) {
            case GOOD -> Entry.of(known);
            case ABSENT -> health || anonymous.mayRead() ? Entry.of(known) : Entry.refused("token", tokenNeeded());
            case WRONG, BUSY ->
                Entry.refused(
                        "token",
                        Reply.unauthorized(
                                "The token is wrong. The operator's token is in the file operator.token in the"
                                        + " agent's state directory. Users of the users file log in at the address in remote-host,"
                                        + " with HTTPS."));
        };
    }

    private Reply tokenNeeded() {
        return Reply.unauthorized("Without credentials this agent answers /healthz only (anonymous=" + anonymous.text()
                + "). Send the operator's token as Authorization: Bearer TOKEN, or use the address in remote-host as a"
                + " user.");
    }

    /** Proxies add these headers (RFC 7239; RFC 9110, 7.6.3; and, without a standard, X-Real-IP, X-Forwarded-For and its like). */
    private static boolean cameThroughAProxy(Head head) {
        for (String name : head.headers().keySet()) {
            if (name.equals("forwarded")
                    || name.equals("via")
                    || name.equals("x-real-ip")
                    || name.equals("x-forwarded")
                    || name.startsWith("x-forwarded-")) {
                return true;
            }
        }
        return false;
    }
}
