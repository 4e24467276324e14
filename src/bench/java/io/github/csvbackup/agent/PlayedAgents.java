package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.AuditOptions;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.http.AgentHttpServer;
import io.github.csvbackup.http.OnDemand;
import io.github.csvbackup.http.RemoteDoor;
import io.github.csvbackup.http.jolokia.CurrentRequest;
import io.github.csvbackup.http.jolokia.JolokiaEndpoint;
import io.github.csvbackup.management.JmxCaller;
import io.github.csvbackup.management.Registration;
import io.github.csvbackup.metrics.HttpCounts;
import io.github.csvbackup.security.AnonymousAccess;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.threads.Supervisor;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;

/**
 * The agents of all nodes but NODE1 of a simulated cluster, in one JVM: each with its own watch, MBeans, Jolokia and server with TLS, as the product has
 * them, but without a state directory and a door for its own machine. They share the cluster and a certificate with the names of all of them.
 */
public final class PlayedAgents {
    private static final Clock CLOCK = Clock.systemUTC();

    private final Options options;
    private final ServerTls tls;
    private final SimulatedCluster cluster;
    private final HttpCounts counts = new HttpCounts();

    private PlayedAgents(RemoteAccess access, int nodes, int volumes) throws Exception {
        options = new Options(
                Backend.SIMULATED,
                null,
                0,
                AnonymousAccess.ASSESS,
                access,
                Path.of("target"),
                Duration.ofSeconds(10),
                Duration.ofSeconds(60),
                false,
                Duration.ofMinutes(30),
                Duration.ofMinutes(3),
                Duration.ofMinutes(1),
                false,
                AuditOptions.DEFAULT,
                nodes,
                volumes,
                null,
                null,
                Duration.ofHours(24),
                true,
                null);
        tls = ServerTls.of(access, CLOCK);
        cluster = new SimulatedCluster(CLOCK, nodes, volumes);
    }

    /**
     * Answers the first line of stdin with the value of the option peers, and runs until stdin ends.
     *
     * @param args the keystore, the file of its password, the certificate of the authority, the number of nodes and of volumes
     */
    public static void main(String[] args) throws Exception {
        System.out.println("> " + System.nanoTime());
        int nodes = Integer.parseInt(args[3]);
        PlayedAgents agents = new PlayedAgents(
                new RemoteAccess("127.0.0.1", 0, null, Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), null),
                nodes,
                Integer.parseInt(args[4]));
        List<String> places = new ArrayList<>();
        for (int node = 2; node <= nodes; node++) {
            places.add("NODE" + node + "=https://127.0.0.1:" + agents.start("NODE" + node) + "/");
        }
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (questions.readLine() != null) {
            System.out.println("> " + String.join(",", places));
        }
        Runtime.getRuntime().halt(0);
    }

    /** The port of a new agent. */
    private int start(String node) throws Exception {
        Cluster own = as(node);
        Pipeline pipeline = new Pipeline(own, line -> {}, options, CLOCK, Times.UTC);
        pipeline.watcher.start();
        MBeanServer beans = MBeanServerFactory.newMBeanServer();
        MBeans.register(
                beans,
                own,
                pipeline,
                CLOCK,
                () -> CurrentRequest.caller().orElseGet(JmxCaller::current),
                new SelfTest(() -> List::of),
                null,
                new Supervisor(),
                new Closer());
        AgentHttpServer server = AgentHttpServer.bind(
                new RemoteDoor("127.0.0.1", 0, tls.tls(), null, tls.peers(pipeline, CLOCK)),
                options.simulatedNodes(),
                counts,
                Map.of(
                        "/jolokia",
                        new OnDemand(() -> new JolokiaEndpoint(
                                beans, Registration.DOMAIN, options.anonymous(), System::nanoTime, 1))));
        server.start();
        return URI.create(server.url()).getPort();
    }

    /** The cluster as another node sees it. */
    private Cluster as(String node) {
        return (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(), new Class<?>[] {Cluster.class}, (proxy, method, arguments) -> {
                    try {
                        Object answer = method.invoke(cluster, arguments);
                        return answer instanceof ClusterOverview all
                                ? new ClusterOverview(all.clusterName(), node, all.nodes(), all.disks())
                                : answer;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
