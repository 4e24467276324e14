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

    /** In September 2026 an advisory was published against Jolokia's proxy mode over JSR-160: the agent does not come with it. */
    @Test
    void holdsNothingOfJolokiasProxyMode() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            List<String> names = jar.stream().map(e -> e.getName()).toList();
            assertThat(names).anyMatch(n -> n.contains("org/jolokia/"));
            assertThat(names).noneMatch(n -> n.toLowerCase(Locale.ROOT).contains("jsr160"));
        }
    }

    /** Newer JDKs warn of JNA's native calls otherwise, and will refuse them. */
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
            assertThat(natives)
                    .containsExactly(
                            "darwin-aarch64",
                            "darwin-x86-64",
                            "linux-aarch64",
                            "linux-x86-64",
                            "win32-aarch64",
                            "win32-x86-64");
        }
    }
}
