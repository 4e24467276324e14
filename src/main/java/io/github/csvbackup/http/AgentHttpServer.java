package io.github.csvbackup.http;

import io.github.csvbackup.http.server.Limits;
import io.github.csvbackup.http.server.NonBlockingServer;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.Tls;
import io.github.csvbackup.threads.SupervisedLoop;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** The HTTP server of one door, with its own threads. */
public final class AgentHttpServer implements AutoCloseable {

    private final NonBlockingServer server;
    private final Door door;

    private AgentHttpServer(NonBlockingServer server, Door door) {
        this.server = server;
        this.door = door;
    }

    /**
     * Binds the address. Requests are answered after {@link #start()}.
     *
     * @param doors how many doors share the memory and the file descriptors that this JVM has for clients
     * @param endpoints by path; each also serves the paths below it
     * @throws IOException with a message for the administrator, if the address cannot be bound
     */
    public static AgentHttpServer bind(Door door, int doors, HttpCounts counts, Map<String, Endpoint> endpoints)
            throws IOException {
        Doorkeeper doorkeeper = new Doorkeeper(door, counts, endpoints);
        InetSocketAddress where = door.where();
        Tls tls = door.tls();
        try {
            return new AgentHttpServer(
                    NonBlockingServer.bind(where, tls, Limits.ofThisJvm(tls != null, doors), doorkeeper), door);
        } catch (BindException e) {
            throw new IOException(cannotBind(door, where, e, () -> PortHolder.at(where)), e);
        } catch (UnsupportedAddressTypeException e) {
            throw new IOException(
                    "The host " + door.host() + " is an IPv6 address, and this Java uses IPv4 only"
                            + " (java.net.preferIPv4Stack=true). Use an IPv4 address.",
                    e);
        }
    }

    /**
     * Windows reports "Permission denied" for a port in an excluded range, and "Address already in use" for a busy port.
     *
     * @param holder finds out who holds the port
     */
    static String cannotBind(Door door, InetSocketAddress where, BindException e, Supplier<String> holder) {
        boolean forbidden =
                String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("permission");
        String option = door.portOption();
        String who = forbidden ? "" : holder.get();
        return "The port " + door.host() + ":" + where.getPort()
                + (forbidden
                        ? " cannot be used: on Windows it may be in an excluded range (netsh int ipv4 show "
                                + "excludedportrange tcp)."
                        : " is in use by " + who + ".")
                + (who.startsWith(PortHolder.AGENT) ? " Use that agent: a new one observes from the beginning." : "")
                + " Choose another port with " + option + "=..., or " + option + "=0 for any free port.";
    }

    /** Starts to answer requests. */
    public void start() {
        server.start();
    }

    /** The address with the actual port, such as {@code http://127.0.0.1:8778/}. */
    public String url() {
        return url(door.host());
    }

    /** The same without the name localhost, by which a client may find another loopback address, and another server there. */
    public String exactUrl() {
        InetAddress address = server.address().getAddress();
        String literal = address instanceof Inet6Address ? "::1" : address.getHostAddress();
        return url(door.host().equalsIgnoreCase("localhost") ? literal : door.host());
    }

    private String url(String host) {
        return (door.tls() == null ? "http" : "https") + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host)
                + ":" + server.address().getPort() + "/";
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
