package io.github.csvbackup.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * How long an operator waits for the verdict while a state is set, if the agent asks the agents of all other nodes over TLS, and what each of its polls
 * costs then; beside an agent whose simulated cluster answers for all nodes.
 */
final class PeersRow implements Row {
    private static final int MOST = 64;
    private static final int[] NODES = {3, MOST};
    private static final int VOLUMES = 3;
    private static final String NONE = "no peers";
    private static final int BLACK_HOLES = 8;
    private static final int FOR_BLACK_HOLES = 3;

    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration MEASURED = Duration.ofSeconds(3);
    private static final Duration POLLS = Duration.ofSeconds(3);
    /** An agent answers each other at most 20 times a second. */
    static final Duration BETWEEN = Duration.ofMillis(80);

    @Override
    public void measure(Lab lab, String name) throws Exception {
        PeerFiles files = PeerFiles.create(lab, MOST);
        for (Jdk jdk : lab.jdks()) {
            try (Jvm others = files.startOthers(jdk, MOST, VOLUMES)) {
                String peers = others.ask("peers");
                for (int nodes : NODES) {
                    measure(lab, name, jdk, nodes, files.asking(setup(nodes), places(peers, nodes)));
                }
                if (jdk.equals(lab.jdk())) {
                    // Deadlines decide, and not the JDK.
                    blackHoles(lab, name, jdk, files, peers);
                }
            }
        }
    }

    private static Setup setup(int nodes) {
        return Setup.agent(nodes, VOLUMES).with("stale-after=2s").with("quiet-time=1s");
    }

    /** Those of the nodes that the cluster lists. */
    private static String places(String peers, int nodes) {
        return String.join(",", List.of(peers.split(",", -1)).subList(0, nodes - 1));
    }

    private static void measure(Lab lab, String name, Jdk jdk, int nodes, Setup asking) throws IOException {
        try (AssessingAgent agent = AssessingAgent.start(lab, jdk, asking)) {
            Values first = first(agent);
            try (AssessingAgent alone = AssessingAgent.start(lab, jdk, setup(nodes))) {
                Report report = lab.report();
                String peers = " with " + (nodes - 1) + " peers";
                report.line(name, jdk, "first verdict" + peers, "").is(first, Unit.MILLIS, NONE, first(alone));
                Values with = new Values();
                Values without = new Values();
                turns(WARM_UP, agent, new Values(), alone, new Values());
                turns(MEASURED, agent, with, alone, without);
                report.line(name, jdk, "verdict" + peers, "").is(with, Unit.MILLIS, NONE, without);
                Values polls = Values.of(agent.cpuOfPoll(POLLS));
                report.line(name, jdk, "CPU of a poll" + peers + ", state set", "")
                        .is(polls, Unit.MILLIS, NONE, Values.of(alone.cpuOfPoll(POLLS)));
            }
        }
    }

    /** Before the next poll asks. */
    private static Values first(AssessingAgent agent) throws IOException {
        agent.setState();
        return Values.of(agent.assess().millis());
    }

    private static void turns(Duration time, AssessingAgent agent, Values with, AssessingAgent alone, Values without)
            throws IOException {
        for (long begun = System.nanoTime(); System.nanoTime() - begun < time.toNanos(); ) {
            with.add(agent.assess().millis());
            without.add(alone.assess().millis());
            Lab.pause(BETWEEN);
        }
        for (AssessingAgent each : List.of(agent, alone)) {
            AssessingAgent.Assessment last = each.assess();
            if (!last.verdict().equals("CLEARABLE")) {
                throw new IOException("the verdict is " + last.verdict() + " with the answers " + each.peers());
            }
        }
    }

    /** Ports that take connections and never answer. */
    private static void blackHoles(Lab lab, String name, Jdk jdk, PeerFiles files, String peers) throws Exception {
        List<ServerSocket> holes = new ArrayList<>();
        try {
            List<String> places = new ArrayList<>(List.of(peers.split(",", -1)));
            for (int i = 0; i < BLACK_HOLES; i++) {
                ServerSocket hole = new ServerSocket(0, 1000, InetAddress.getLoopbackAddress());
                holes.add(hole);
                places.set(i, "NODE" + (i + 2) + "=https://127.0.0.1:" + hole.getLocalPort() + "/");
            }
            Setup asking = files.asking(setup(MOST), String.join(",", places));
            try (AssessingAgent agent = AssessingAgent.start(lab, jdk, asking)) {
                Values waited = new Values();
                String verdict = blackHoles(agent, waited);
                lab.report()
                        .line(name, jdk, "verdict with 55 peers and 8 black holes", "60 s")
                        .is(waited.text(Unit.MILLIS) + ": " + verdict);
            }
        } finally {
            for (ServerSocket hole : holes) {
                hole.close();
            }
        }
    }

    /** The verdict, if it is always the same. */
    private static String blackHoles(AssessingAgent agent, Values waited) throws Exception {
        // The next poll is due after the first assessment.
        agent.setState();
        CompletableFuture<AssessingAgent.Assessment> first = CompletableFuture.supplyAsync(() -> {
            try {
                return agent.assess();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        // The own node was asked at once; after this, the agents' time is over, and the second source is asked.
        Lab.pause(Duration.ofSeconds(2));
        agent.denyServices(BLACK_HOLES);
        List<AssessingAgent.Assessment> all = new ArrayList<>(List.of(first.get()));
        while (all.size() < FOR_BLACK_HOLES) {
            all.add(agent.assess());
        }
        all.forEach(each -> waited.add(each.millis()));
        List<String> verdicts =
                all.stream().map(AssessingAgent.Assessment::verdict).distinct().toList();
        return String.join(" or ", verdicts);
    }
}
