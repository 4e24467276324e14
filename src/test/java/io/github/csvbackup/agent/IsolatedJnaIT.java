package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
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
        try (Isolated isolated = Isolated.open()) {
            ClassLoader loader = isolated.loader();
            loader.loadClass(NativeLibrary.class.getName())
                    .getMethod("unpackInto", Path.class, FileAttribute[].class)
                    .invoke(null, stateDirectory, new FileAttribute<?>[0]);
            Class<?> memory = Class.forName("com.sun.jna.Memory", true, loader);
            Object block = memory.getConstructor(long.class).newInstance(16L);
            assertThat(memory.getMethod("size").invoke(block)).isEqualTo(16L);
            assertThat(memory.getClassLoader()).isSameAs(loader);
            try (Stream<Path> copies = Files.list(stateDirectory)) {
                assertThat(copies).singleElement().asString().contains("jnidispatch");
            }
            return new WeakReference<>(loader);
        }
    }
}
