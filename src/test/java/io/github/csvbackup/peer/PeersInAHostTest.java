package io.github.csvbackup.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Questions from an agent inside another program leave no trace there. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PeersInAHostTest {
    @TempDir
    static Path folder;

    private static TestAuthority authority;
    private static Path node1;
    private static Path node2;

    private final List<String> used = new CopyOnWriteArrayList<>();
    private final CookieHandler cookies = CookieHandler.getDefault();
    private final ProxySelector proxies = ProxySelector.getDefault();
    private final Authenticator authenticator = Authenticator.getDefault();
    private final String keepAlive = System.getProperty("http.keepAlive");
    private PlayedServer server;

    @BeforeAll
    static void certificates() throws Exception {
        authority = TestAuthority.create(folder.resolve("ca"), "HV1");
        node1 = authority.issue("NODE1.example.com");
        node2 = authority.issue("NODE2.example.com");
    }

    @BeforeEach
    void start() throws Exception {
        server = PlayedServer.of(node2, authority.trust()).answers(200, PeerWorld::answer);
    }

    @AfterEach
    void stop() throws Exception {
        CookieHandler.setDefault(cookies);
        ProxySelector.setDefault(proxies);
        Authenticator.setDefault(authenticator);
        if (keepAlive == null) {
            System.clearProperty("http.keepAlive");
        } else {
            System.setProperty("http.keepAlive", keepAlive);
        }
        System.clearProperty("socksProxyHost");
        server.close();
    }

    @Test
    void theHostsSettingsAreNotUsed() throws Exception {
        CookieHandler.setDefault(new CookieHandler() {
            @Override
            public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
                used.add("cookies");
                return Map.of("Cookie", List.of("secret"));
            }

            @Override
            public void put(URI uri, Map<String, List<String>> headers) {
                used.add("cookies");
            }
        });
        ProxySelector.setDefault(new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                used.add("proxies");
                return List.of(Proxy.NO_PROXY);
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, java.io.IOException failure) {}
        });
        Authenticator.setDefault(new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                used.add("passwords");
                return new PasswordAuthentication("ann", new char[0]);
            }
        });
        System.setProperty("http.keepAlive", "false");
        System.setProperty("socksProxyHost", "192.0.2.1");
        Set<Thread> before = Thread.getAllStackTraces().keySet();

        try (HttpsPeers peers = new PeerWorld(node1, authority.trust()).asking(server)) {
            peers.ask("NODE2", false);
            peers.ask("NODE2", false);
            assertThat(Thread.getAllStackTraces().keySet().stream()
                            .filter(thread -> !before.contains(thread)
                                    && !thread.getName().startsWith("played-server"))
                            .map(Thread::getName)
                            .collect(Collectors.toSet()))
                    .isEmpty();
        }

        assertThat(used).isEmpty();
        assertThat(server.heads)
                .hasSize(2)
                .allSatisfy(head -> assertThat(head).doesNotContain("Cookie", "Authorization"));
        assertThat(server.clients).hasSize(1);
    }

    /** The agent's classes, as after an attach. */
    private static final class Isolated extends URLClassLoader {
        Isolated(URL... places) {
            super(places, PeersInAHostTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith("io.github.csvbackup.")) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> known = findLoadedClass(name);
                return known == null ? findClass(name) : known;
            }
        }
    }

    /** Asks once, inside the isolated loader. */
    public static final class Program {
        private Program() {}

        /** The parameters are those of {@link PeerWorld}, and the port of the other agent. */
        public static void run(Path keystore, Path trust, int port) throws Exception {
            try (HttpsPeers peers = new PeerWorld(keystore, trust)
                    .asking(port, Duration.ofSeconds(20), Clock.systemUTC(), AnswerCheck.ALL)) {
                peers.ask("NODE2", false);
            }
        }
    }

    private record Last(String text, int number) {}

    private static URL place(Class<?> type) {
        return type.getProtectionDomain().getCodeSource().getLocation();
    }

    /** In a method of its own, so that nothing of it stays on the stack. */
    private WeakReference<ClassLoader> askInside(int port) throws Exception {
        try (Isolated loader = new Isolated(place(HttpsPeers.class), place(PeersInAHostTest.class))) {
            Class<?> program = loader.loadClass(Program.class.getName());
            assertThat(program.getClassLoader()).isSameAs(loader);
            program.getMethod("run", Path.class, Path.class, int.class).invoke(null, node1, authority.trust(), port);
            return new WeakReference<>(loader);
        }
    }

    @Test
    void afterADetachTheAgentsClassesAreUnloaded() throws Exception {
        WeakReference<ClassLoader> loader = askInside(server.port());
        // In the packaged agent no record does that, see RecordTraces.
        Last last = new Last("JDK 17 remembers the last record", 1);
        assertThat(last).isEqualTo(new Last(last.text(), 1)).hasSameHashCodeAs(new Last(last.text(), 1));
        assertThat(last.toString()).isNotEmpty();
        assertThat(server.bodies).hasSize(1);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (loader.get() != null) {
            assertThat(System.nanoTime()).as("the classes are still loaded").isLessThan(end);
            System.gc();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
