package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

class PackagedJarIT {
    @Test
    void staysSmall() throws IOException {
        assertThat(Files.size(PackagedJar.path())).isLessThan(PackagedJar.limit());
    }

    @Test
    void showsTheHostNothingButTheEntry() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            assertThat(jar.stream().map(e -> e.getName()).filter(n -> !n.startsWith("isolated/")))
                    .allMatch(n -> n.startsWith("io/github/csvbackup/agent/entry/") || n.startsWith("META-INF/"))
                    .noneMatch(n -> n.startsWith("META-INF/services/"));
            assertThat(jar.stream().map(e -> e.getName()).filter(n -> n.startsWith("isolated/")))
                    .noneMatch(n -> n.endsWith(".class"));
        }
    }

    /**
     * A security advisory of September 2026 is about the class with which Jolokia forwards requests to other servers over JSR-160. The jar must not contain
     * it, only the class that refuses such requests.
     */
    @Test
    void holdsNothingThatPassesRequestsOnToOtherServers() throws IOException {
        List<String> jolokia = PackagedJar.classes().stream()
                .filter(name -> name.contains("org.jolokia."))
                .toList();
        assertThat(jolokia).isNotEmpty();
        assertThat(jolokia)
                .filteredOn(name -> name.toLowerCase(Locale.ROOT).contains("jsr160"))
                .isSubsetOf("org.jolokia.http.Jsr160ProxyNotEnabledByDefaultAnymoreDispatcher");
    }

    /** Four advisories of July 2026 are about it. Micrometer has it for percentiles that it computes; the agent has none. */
    @Test
    void holdsNoHdrHistogram() throws IOException {
        assertThat(PackagedJar.classes())
                .anyMatch(name -> name.startsWith("io.micrometer.core."))
                .noneMatch(name -> name.toLowerCase(Locale.ROOT).contains("org.hdrhistogram."));
    }

    /** The JVM reads the name of each entry while the host starts, and keeps them. */
    @Test
    void hasFewEntries() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            assertThat(jar.size()).isLessThan(60);
        }
    }

    /** Otherwise newer JDKs warn about JNA's native calls, and later ones will refuse them. */
    @Test
    void allowsItselfNativeAccess() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            assertThat(jar.getManifest().getMainAttributes().getValue("Enable-Native-Access"))
                    .isEqualTo("ALL-UNNAMED");
        }
    }

    @Test
    void holdsTheNativesThatWeNeedAndNoOthers() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            List<String> natives = jar.stream()
                    .map(e -> e.getName())
                    .filter(n -> n.contains("jnidispatch."))
                    .map(n -> n.split("/", -1)[4])
                    .sorted()
                    .toList();
            assertThat(natives).containsExactly("linux-aarch64", "linux-x86-64", "win32-aarch64", "win32-x86-64");
        }
    }
}
