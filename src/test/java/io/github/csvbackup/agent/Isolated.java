package io.github.csvbackup.agent;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;

/** The isolated side of the packaged jar in the JVM of the test, separate from the classes of this build. */
record Isolated(URLClassLoader host, ClassLoader loader) implements AutoCloseable {

    static Isolated open() throws IOException, ReflectiveOperationException {
        URL[] jar = {PackagedJar.path().toUri().toURL()};
        URLClassLoader host = new URLClassLoader(jar, ClassLoader.getPlatformClassLoader());
        Method open =
                host.loadClass("io.github.csvbackup.agent.entry.IsolatedLoader").getDeclaredMethod("open");
        open.setAccessible(true);
        return new Isolated(host, (ClassLoader) open.invoke(null));
    }

    @Override
    public void close() throws IOException {
        try (host) {
            ((java.io.Closeable) loader).close();
        }
    }
}
