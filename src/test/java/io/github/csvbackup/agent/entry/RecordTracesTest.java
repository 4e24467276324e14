package io.github.csvbackup.agent.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;

class RecordTracesTest {
    @Test
    void theLoaderOfRecordsThatWereComparedCanGo() throws Exception {
        for (int round = 0; round < 2; round++) {
            WeakReference<ClassLoader> loader = useRecord();
            RecordTraces.replace();
            for (int look = 0; look < 50 && !loader.refersTo(null); look++) {
                System.gc();
            }
            assertThat(loader.refersTo(null)).as("collected").isTrue();
        }
    }

    private static WeakReference<ClassLoader> useRecord() throws Exception {
        ClassLoader loader = new Copies();
        Object one = make(loader);
        assertThat(one.equals(make(loader))).isTrue();
        assertThat(one.hashCode()).isEqualTo(make(loader).hashCode());
        assertThat(one.toString()).isEqualTo(make(loader).toString());
        return new WeakReference<>(loader);
    }

    private static Object make(ClassLoader loader) throws Exception {
        Class<?> inner = loader.loadClass(Inner.class.getName());
        var innerMaker = inner.getDeclaredConstructor(String.class);
        var outerMaker = loader.loadClass(Outer.class.getName()).getDeclaredConstructor(inner);
        innerMaker.setAccessible(true);
        outerMaker.setAccessible(true);
        return outerMaker.newInstance(innerMaker.newInstance("x"));
    }

    record Inner(String text) {}

    record Outer(Inner inner) {}

    /** Defines the classes of this test again. */
    private static final class Copies extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(RecordTracesTest.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            if (known != null) {
                return known;
            }
            try (InputStream in =
                    RecordTracesTest.class.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
                byte[] content = in.readAllBytes();
                return defineClass(name, content, 0, content.length);
            } catch (java.io.IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
