package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.Option;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.http.AgentHttpServer;
import io.github.csvbackup.http.Endpoint;
import io.github.csvbackup.http.LocalDoor;
import io.github.csvbackup.http.RemoteDoor;
import io.github.csvbackup.metrics.AgentMetrics;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.Passwords;
import io.github.csvbackup.state.OperatorToken;
import io.github.csvbackup.threads.Supervisor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The HTTP servers of the agent: one for this machine, one for other machines, or both. Each has its own threads, places
 * and endpoints, so that a crowd at one of them does not slow the other. */
final class Doors implements AutoCloseable {
    private final List<AgentHttpServer> servers = new ArrayList<>();

    private Doors() {}

    /**
     * Binds the addresses. Requests are answered after {@link #start()}.
     *
     * @param token null if there is no door for this machine
     * @param tls null if there is no door for other machines
     * @param local further endpoints, only at the address for this machine
     * @param endpoints makes those of one door, by path; gets the number of doors
     * @throws StartException with a message for the administrator, if an address cannot be bound or a file cannot be used
     */
    static Doors open(
            Options options,
            @Nullable OperatorToken token,
            @Nullable ServerTls tls,
            Pipeline pipeline,
            Clock clock,
            AgentMetrics metrics,
            HttpCounts counts,
            Map<String, Endpoint> local,
            IntFunction<Map<String, Endpoint>> endpoints)
            throws StartException {
        Doors doors = new Doors();
        boolean open = false;
        try {
            String host = options.host();
            RemoteAccess access = options.remoteAccess();
            int count = host == null || access == null ? 1 : 2;
            if (host != null && token != null) {
                LocalDoor door = new LocalDoor(host, options.port(), token::token, options.anonymous());
                Map<String, Endpoint> all = new HashMap<>(endpoints.apply(count));
                all.putAll(local);
                doors.servers.add(AgentHttpServer.bind(door, count, counts, all));
            }
            if (access != null && tls != null) {
                requireOtherAddress(options, access);
                RemoteDoor door = remote(access, tls, pipeline, clock, metrics);
                doors.servers.add(AgentHttpServer.bind(door, count, counts, endpoints.apply(count)));
            }
            open = true;
            return doors;
        } catch (IOException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        } finally {
            if (!open) {
                doors.close();
            }
        }
    }

    private static RemoteDoor remote(
            RemoteAccess access, ServerTls tls, Pipeline pipeline, Clock clock, AgentMetrics metrics)
            throws IOException {
        Map<String, Supplier<@Nullable Instant>> outdated = new HashMap<>(tls.outdatedFiles());
        Path users = access.users();
        Passwords passwords = users == null ? null : new Passwords(users, new FileStatus(clock));
        if (passwords != null) {
            outdated.put(Option.USERS.key(), passwords::outdatedSince);
        }
        metrics.outdatedFiles(outdated);
        return new RemoteDoor(access.host(), access.port(), tls.tls(), passwords, tls.peers(pipeline, clock));
    }

    /** Otherwise the message would be that another program has the port. */
    private static void requireOtherAddress(Options options, RemoteAccess access) throws IOException {
        String host = options.host();
        if (host == null || access.port() == 0 || access.port() != options.port()) {
            return;
        }
        InetSocketAddress remote = RemoteDoor.where(access.host(), access.port());
        if (remote.getAddress().isAnyLocalAddress() || remote.equals(LocalDoor.where(host, options.port()))) {
            throw new IOException(
                    "remote-port=" + access.port() + " is also the port of host=" + host + ", which remote-host="
                            + access.host() + " includes. Choose another remote-port; the default is 8779.");
        }
    }

    /** The addresses, with the actual ports: the one for this machine first. */
    List<String> urls() {
        List<String> urls = new ArrayList<>();
        for (AgentHttpServer server : servers) {
            urls.add(server.url());
        }
        return urls;
    }

    /** Where the operator's token is valid, if there is a door for this machine. */
    String urlForToken() {
        return servers.get(0).exactUrl();
    }

    void superviseBy(Supervisor supervisor) {
        for (AgentHttpServer server : servers) {
            supervisor.add(server.loop());
        }
    }

    void start() {
        for (AgentHttpServer server : servers) {
            server.start();
        }
    }

    @Override
    public void close() {
        for (AgentHttpServer server : servers) {
            server.close();
        }
    }
}
