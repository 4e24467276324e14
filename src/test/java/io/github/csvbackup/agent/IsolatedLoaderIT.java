package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IsolatedLoaderIT {
    private static final String SERVICE = "META-INF/services/org.slf4j.spi.SLF4JServiceProvider";

    private Isolated isolated;

    @BeforeEach
    void open() throws Exception {
        isolated = Isolated.open();
    }

    @AfterEach
    void close() throws Exception {
        isolated.close();
    }

    @Test
    void servicesAreFoundBelowThePrefix() throws Exception {
        Object logger = isolated.loader()
                .loadClass("org.slf4j.LoggerFactory")
                .getMethod("getLogger", String.class)
                .invoke(null, "x");
        assertThat(logger.getClass().getName()).isEqualTo("io.github.csvbackup.agent.log.StderrLogger");
        assertThat(logger.getClass().getClassLoader()).isSameAs(isolated.loader());
    }

    @Test
    void addressesOfResourcesSurviveBeingText() throws Exception {
        URL found = Collections.list(isolated.loader().getResources(SERVICE)).get(0);
        try (InputStream in = new URL(found.toExternalForm()).openStream();
                InputStream same = isolated.loader().getResourceAsStream(SERVICE)) {
            assertThat(in.readAllBytes()).isNotEmpty().isEqualTo(same.readAllBytes());
        }
    }

    @Test
    void classesKnowTheirJarAndVersion() throws Exception {
        Class<?> launcher = isolated.loader().loadClass("io.github.csvbackup.agent.Launcher");
        assertThat(launcher.getPackage().getImplementationVersion()).matches("[0-9].*");
        assertThat(launcher.getProtectionDomain().getCodeSource().getLocation())
                .isEqualTo(PackagedJar.path().toUri().toURL());
    }

    /** The build writes the classes that replace lambdas. */
    @Test
    void allClassesPassTheVerifier() throws Exception {
        // Loading JNA would unpack its library.
        List<String> names = PackagedJar.classes().stream()
                .filter(name -> !name.startsWith("com.sun.jna."))
                .toList();
        assertThat(names).anyMatch(name -> name.contains("$$Lambda$"));
        for (String name : names) {
            try {
                // Listing the methods verifies the class.
                assertThat(isolated.loader().loadClass(name).getDeclaredMethods())
                        .as(name)
                        .isNotNull();
            } catch (NoClassDefFoundError e) {
                assertThat(name).as("ours need only what is there").doesNotStartWith("io.github.csvbackup.");
            }
        }
    }

    @Test
    void nothingComesFromTheClassPathOfTheHost() {
        assertThatThrownBy(() -> isolated.loader().loadClass("org.junit.jupiter.api.Test"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> isolated.loader().loadClass("io.github.csvbackup.agent.entry.Guest"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void findsNothingAnyMoreOnceClosed() throws Exception {
        isolated.close();
        assertThatThrownBy(() -> isolated.loader().loadClass("org.slf4j.Logger"))
                .isInstanceOf(ClassNotFoundException.class);
        assertThat(isolated.loader().getResource(SERVICE)).isNull();
    }
}
