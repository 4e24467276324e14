package io.github.csvbackup.bench;

import io.github.csvbackup.bench.host.BenchHost;
import io.github.csvbackup.bench.nothing.NothingAgent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The jars, the JDKs and a folder for what the rows start. */
final class Lab {
    /** The MBean of our agent. */
    static final String BEAN = "io.github.csvbackup:type=CsvBackupState";

    static final String SIMULATION = "io.github.csvbackup:type=SimulatedCluster";

    /** For all hosts alike; without the second, the JDK's server, which the peers use, may wait 40 ms with an answer. */
    private static final List<String> SAME_FOR_ALL =
            List.of("-Xms64m", "-Xmx512m", "-Dsun.net.httpserver.nodelay=true");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path agentJar;
    private final Path peers;
    private final Path folder;
    private final Path hostJar;
    private final Path nothingJar;
    private final List<Jdk> jdks;
    private final Report report;
    private int started;

    Lab(Path agentJar, Path peers, List<Jdk> jdks, Report report) throws IOException {
        this.agentJar = agentJar;
        this.peers = peers;
        this.jdks = jdks;
        this.report = report;
        this.folder = Files.createTempDirectory("csv-backup-bench-");
        this.hostJar = jar("host.jar", new Attributes(), BenchHost.class, answers());
        Attributes agent = new Attributes();
        agent.putValue("Premain-Class", NothingAgent.class.getName());
        this.nothingJar = jar("nothing.jar", agent, NothingAgent.class);
        Files.writeString(folder.resolve("jmx_exporter.yml"), "rules:\n- pattern: \".*\"\n");
    }

    private static Class<?> answers() {
        try {
            return Class.forName(BenchHost.class.getPackageName() + ".Answers", false, Lab.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path jar(String name, Attributes attributes, Class<?>... classes) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putAll(attributes);
        Path jar = folder.resolve(name);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            for (Class<?> type : classes) {
                String entry = type.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(entry));
                try (InputStream in = type.getResourceAsStream("/" + entry)) {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
        return jar;
    }

    List<Jdk> jdks() {
        return jdks;
    }

    /** For rows that do not depend on it. */
    Jdk jdk() {
        return jdks.get(0);
    }

    Report report() {
        return report;
    }

    Path folder() {
        return folder;
    }

    Path agentJar() {
        return agentJar;
    }

    /** Starts a host, with its agent if it has one, and waits until its main has begun. */
    Jvm start(Jdk jdk, Setup setup, String... arguments) throws IOException {
        Path own = Files.createDirectories(folder.resolve("host-" + ++started));
        Door door = Door.free();
        List<String> command =
                new ArrayList<>(List.of(jdk.home().resolve("bin/java").toString()));
        command.addAll(SAME_FOR_ALL);
        command.addAll(setup.jvmOptions());
        if (setup.besideAgent()) {
            command.add(ours(Door.free(), own, List.of()));
        }
        command.addAll(agent(setup, door, own));
        command.addAll(List.of("-cp", hostJar.toString(), BenchHost.class.getName()));
        command.addAll(List.of(arguments));
        return Jvm.start(command, door, own);
    }

    /** Starts a program of the benchmarks, which answers as a host does, and waits until its main has begun. */
    Jvm startProgram(Jdk jdk, Class<?> program, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(jdk.home().resolve("bin/java").toString()));
        command.addAll(SAME_FOR_ALL);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return Jvm.start(command, Door.free(), Files.createDirectories(folder.resolve("host-" + ++started)));
    }

    /** Starts a host and waits until its agent answers. */
    Jvm startReady(Jdk jdk, Setup setup) throws IOException {
        Jvm jvm = start(jdk, setup);
        try {
            awaitAnswer(jvm, setup.subject().ready());
            if (setup.subject() == Subject.AGENT || setup.besideAgent()) {
                awaitPoll(jvm);
            }
            return jvm;
        } catch (IOException | RuntimeException e) {
            jvm.close();
            throw e;
        }
    }

    /** Until a path answers 200. */
    static void awaitAnswer(Jvm jvm, String path) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!path.isEmpty() && !answers(jvm.door(), path)) {
            if (!jvm.isAlive() || System.nanoTime() - end > 0) {
                throw new IOException("the host does not answer " + path + "; its stderr: " + jvm.errors());
            }
            pause(Duration.ofMillis(5));
        }
    }

    private static boolean answers(Door door, String path) {
        try (Connection connection = door.connect()) {
            Answer answer = connection.get(path);
            // Jolokia's errors are within the text.
            return answer.status() == 200
                    && (!path.startsWith("/jolokia/") || answer.text().contains("\"status\":200"));
        } catch (IOException e) {
            return false;
        }
    }

    private static void awaitPoll(Jvm jvm) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (jvm.ask("get", BEAN, "LastPollTime").equals("null")) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("the agent does not poll; the stderr of its host: " + jvm.errors());
            }
            pause(Duration.ofMillis(50));
        }
        // The access of the nodes to the volumes is read on its own thread.
        pause(Duration.ofSeconds(1));
    }

    private List<String> agent(Setup setup, Door door, Path own) throws IOException {
        String port = Integer.toString(door.port());
        return switch (setup.subject()) {
            case NONE -> List.of();
            case NOTHING -> List.of("-javaagent:" + nothingJar);
            case AGENT -> List.of(ours(door, own, setup.options()));
            case JOLOKIA_1, JOLOKIA_2 ->
                List.of("-javaagent:" + peer(setup.subject()) + "=host=127.0.0.1,port=" + port);
            case JMX_EXPORTER ->
                List.of("-javaagent:" + peer(setup.subject()) + "=127.0.0.1:" + port + ":"
                        + folder.resolve("jmx_exporter.yml"));
        };
    }

    private String ours(Door door, Path own, List<String> options) {
        List<String> all = new ArrayList<>(
                List.of("backend=simulated", "port=" + door.port(), "state-dir=" + own.resolve("state")));
        all.addAll(options);
        return "-javaagent:" + agentJar + "=" + String.join(",", all);
    }

    private Path peer(Subject subject) throws IOException {
        try (Stream<Path> all = Files.list(peers)) {
            return all.filter(file -> file.getFileName().toString().startsWith(subject.file()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(
                            "there is no " + subject.file() + "*.jar in " + peers + "; run mvn -B verify -Pbench"));
        }
    }

    /** For a column of the table. */
    String title(Subject subject) throws IOException {
        return subject.file().isEmpty()
                ? subject.title()
                : subject.title() + " "
                        + peer(subject).getFileName().toString().replaceFirst("^\\D*([0-9.]*[0-9]).*$", "$1");
    }

    static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, TimeUnit.SECONDS.toNanos(1)));
        }
    }

    /** Deletes the folder. */
    void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
