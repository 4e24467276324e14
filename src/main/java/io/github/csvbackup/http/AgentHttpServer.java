package io.github.csvbackup.http;

import io.github.csvbackup.http.server.Limits;
import io.github.csvbackup.http.server.NonBlockingServer;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.Authentication;
import io.github.csvbackup.threads.SupervisedLoop;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** The one HTTP server of the agent. */
public final class AgentHttpServer implements AutoCloseable {

    private final NonBlockingServer server;
    private final String host;
    private final String scheme;

    /**
     * Where to listen.
     *
     * @param port TCP port; 0 for any free port
     * @param tls null for plain HTTP
     */
    public record Address(String host, int port, @Nullable SSLContext tls) {}

    private AgentHttpServer(NonBlockingServer server, Address address) {
        this.server = server;
        this.host = address.host();
        this.scheme = address.tls() == null ? "http" : "https";
    }

    /**
     * Binds the address. Requests are answered after {@link #start()}.
     *
     * @param endpoints by path; each also serves the paths below it
     * @throws IOException with a message for the administrator, if the address cannot be bound
     */
    public static AgentHttpServer bind(
            Address address, Authentication authentication, HttpCounts counts, Map<String, Endpoint> endpoints)
            throws IOException {
        Doorkeeper doorkeeper = new Doorkeeper(address, authentication, counts, endpoints);
        InetSocketAddress where = where(address, authentication.knowsUsers());
        SSLContext tls = address.tls();
        try {
            return new AgentHttpServer(
                    NonBlockingServer.bind(where, tls, Limits.ofThisJvm(tls != null), doorkeeper), address);
        } catch (BindException e) {
            throw new IOException(cannotBind(address, e, () -> PortHolder.at(where)), e);
        } catch (UnsupportedAddressTypeException e) {
            throw new IOException(
                    "The host " + address.host() + " is an IPv6 address, and this Java uses IPv4 only"
                            + " (java.net.preferIPv4Stack=true). Use 127.0.0.1.",
                    e);
        }
    }

    private static InetSocketAddress where(Address address, boolean knowsUsers) throws IOException {
        InetAddress resolved;
        try {
            resolved = InetAddress.getByName(address.host());
        } catch (UnknownHostException e) {
            throw new IOException("The host \"" + address.host() + "\" is unknown; use 127.0.0.1.", e);
        }
        if (resolved instanceof Inet6Address && Boolean.getBoolean("java.net.preferIPv4Stack")) {
            throw new IOException("The host " + address.host()
                    + " is an IPv6 address, and this JVM uses IPv4 only (java.net.preferIPv4Stack=true). Use 127.0.0.1,"
                    + " or start the JVM without that property.");
        }
        if (!resolved.isLoopbackAddress() && (address.tls() == null || !knowsUsers)) {
            throw new IOException("The host " + address.host()
                    + " is not a loopback address; to listen on it the agent needs a certificate (tls-keystore=...) and"
                    + " users (users=...). Give both, or use 127.0.0.1.");
        }
        return new InetSocketAddress(resolved, address.port());
    }

    /**
     * Windows reports "Permission denied" for a port in an excluded range, and "Address already in use" for a busy port.
     *
     * @param holder finds out who holds the port
     */
    static String cannotBind(Address address, BindException e, Supplier<String> holder) {
        String where = address.host() + ":" + address.port();
        boolean forbidden =
                String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("permission");
        return "The port " + where
                + (forbidden
                        ? " cannot be used: on Windows it may be in an excluded range (netsh int ipv4 show "
                                + "excludedportrange tcp)."
                        : " is in use by " + holder.get() + ".")
                + " Choose another port with port=..., or port=0 for any free port.";
    }

    /** Starts to answer requests. */
    public void start() {
        server.start();
    }

    /** The address with the actual port, such as {@code http://127.0.0.1:8778/}. */
    public String url() {
        return scheme + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":"
                + server.address().getPort() + "/";
    }

    /** The server's thread, for the supervisor. */
    public SupervisedLoop loop() {
        return server.loop();
    }

    /** The number of open connections. */
    public int connections() {
        return server.connections();
    }

    /** Stops the server at once: no thread, socket or memory remains. */
    @Override
    public void close() {
        server.close();
    }
}
