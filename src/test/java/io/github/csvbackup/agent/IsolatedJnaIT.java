package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JNA inside the isolated loader of the packaged jar. */
class IsolatedJnaIT {
    @TempDir
    Path stateDirectory;

    @Test
    void comesFromTheStateDirectoryTouchesNoPropertyAndGoesAgain() throws Exception {
        Properties before = (Properties) System.getProperties().clone();
        WeakReference<ClassLoader> loader = loadAndClose();
        for (int look = 0; look < 50 && !loader.refersTo(null); look++) {
            System.gc();
        }
        assertThat(loader.refersTo(null)).as("the loader was collected").isTrue();
        assertThat(System.getProperties()).isEqualTo(before);
    }

    private WeakReference<ClassLoader> loadAndClose() throws Exception {
        URL[] jar = {PackagedJar.path().toUri().toURL()};
        try (URLClassLoader system = new URLClassLoader(jar, ClassLoader.getPlatformClassLoader())) {
            Method open = system.loadClass("io.github.csvbackup.agent.entry.IsolatedLoader")
                    .getDeclaredMethod("open");
            open.setAccessible(true);
            try (Closeable isolated = (Closeable) open.invoke(null)) {
                ClassLoader loader = (ClassLoader) isolated;
                loader.loadClass(NativeLibrary.class.getName())
                        .getMethod("unpackInto", Path.class)
                        .invoke(null, stateDirectory);
                Class<?> memory = Class.forName("com.sun.jna.Memory", true, loader);
                Object block = memory.getConstructor(long.class).newInstance(16L);
                assertThat(memory.getMethod("size").invoke(block)).isEqualTo(16L);
                assertThat(memory.getClassLoader()).isSameAs(loader);
                try (Stream<Path> copies = Files.list(stateDirectory.resolve("native"))) {
                    assertThat(copies).singleElement().asString().contains("jnidispatch");
                }
                return new WeakReference<>(loader);
            }
        }
    }
}
