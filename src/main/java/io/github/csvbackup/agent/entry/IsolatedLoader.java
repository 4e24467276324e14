package io.github.csvbackup.agent.entry;

import java.io.Closeable;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.security.CodeSource;
import java.security.SecureClassLoader;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * Loads the agent and its libraries from {@code isolated/} in the agent's jar, where the host cannot see them: classes from a {@link ClassPack}, all
 * else from entries. Its own classes come first, then those of the platform; it loads nothing from the class path of the host.
 */
final class IsolatedLoader extends SecureClassLoader implements Closeable {
    private static final String PREFIX = "isolated/";
    private static final String MAIN = "io.github.csvbackup.agent.cli.Main";
    private static final String LAUNCHER = "io.github.csvbackup.agent.Launcher";

    static {
        // Not for speed: a transformer of another agent in the host may have a lock of its own while one of our classes
        // is defined.
        registerAsParallelCapable();
    }

    private final JarFile jar;
    private final ClassPack classes;
    private final String base;
    private final CodeSource source;
    private final String version;

    private IsolatedLoader(URL location) throws IOException, URISyntaxException {
        super("csv-backup-agent", ClassLoader.getPlatformClassLoader());
        this.jar = open(new File(location.toURI()));
        boolean complete = false;
        try {
            this.classes = new ClassPack(jar);
            String named = jar.getManifest().getMainAttributes().getValue(Attributes.Name.IMPLEMENTATION_VERSION);
            this.version = named == null ? "development" : named;
            complete = true;
        } finally {
            if (!complete) {
                jar.close();
            }
        }
        // For the JDK, the first "!/" ends the jar's address, but the name of a folder may contain one.
        this.base = "jar:" + location.toString().replace("!", "%21") + "!/" + PREFIX;
        this.source = new CodeSource(location, (Certificate[]) null);
    }

    /** For the jar that contains this class. */
    static IsolatedLoader open() throws IOException {
        CodeSource own = IsolatedLoader.class.getProtectionDomain().getCodeSource();
        if (own == null) {
            throw new IOException("cannot find the agent's own jar");
        }
        return open(own.getLocation());
    }

    /** For the jar at this address. It may be newer than this class: see the package. */
    static IsolatedLoader open(String location) throws IOException {
        try {
            return open(new URL(location));
        } catch (MalformedURLException e) {
            throw notUsable(location, e);
        }
    }

    private static IsolatedLoader open(URL location) throws IOException {
        try {
            return new IsolatedLoader(location);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw notUsable(location.toString(), e);
        }
    }

    private static IOException notUsable(String location, Exception e) {
        return new IOException("the address of the agent's jar is not usable: " + location, e);
    }

    private static JarFile open(File file) throws IOException {
        try {
            // A plain JarFile: the JDK's cache of jar: URLs would keep the file open after a detach.
            // It is read in places, which cannot be compared with a signature of the whole.
            return new JarFile(file, false);
        } catch (IOException e) {
            throw new IOException(
                    "cannot open the agent's jar (" + e + "); the account of this JVM, "
                            + System.getProperty("user.name") + ", must be able to read that file",
                    e);
        }
    }

    /** The version of the jar. */
    String version() {
        return version;
    }

    /** For {@code java -jar}. */
    Class<?> main() throws ClassNotFoundException {
        return loadClass(MAIN);
    }

    /** For an agent in a host JVM. */
    Class<?> launcher() throws ClassNotFoundException {
        return loadClass(LAUNCHER);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> found = findLoadedClass(name);
            if (found == null) {
                byte[] content = content(name);
                if (content != null) {
                    found = define(name, content);
                } else if (name.startsWith("com.sun.tools.attach.")) {
                    // Part of the JDK, but the platform class loader does not have it.
                    found = ClassLoader.getSystemClassLoader().loadClass(name);
                } else {
                    found = super.loadClass(name, false);
                }
            }
            if (resolve) {
                resolveClass(found);
            }
            return found;
        }
    }

    private @Nullable JarEntry entry(String name) {
        try {
            return jar.getJarEntry(PREFIX + name);
        } catch (IllegalStateException e) {
            // Closed by a detach.
            return null;
        }
    }

    /** Null if it is a class of the JDK. */
    private byte @Nullable [] content(String name) throws ClassNotFoundException {
        try {
            return classes.find(name);
        } catch (IllegalStateException e) {
            // Closed by a detach.
            return null;
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private Class<?> define(String name, byte[] content) {
        int dot = name.lastIndexOf('.');
        if (dot > 0) {
            String packageName = name.substring(0, dot);
            if (getDefinedPackage(packageName) == null) {
                definePackageOnce(packageName);
            }
        }
        return defineClass(name, content, 0, content.length, source);
    }

    private void definePackageOnce(String name) {
        String ours = name.startsWith("io.github.csvbackup") ? version : null;
        try {
            definePackage(name, null, null, null, null, ours, null, null);
        } catch (IllegalArgumentException e) {
            if (getDefinedPackage(name) == null) {
                throw e;
            }
        }
    }

    @Override
    public @Nullable URL getResource(String name) {
        URL own = findResource(name);
        return own != null ? own : super.getResource(name);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
        List<URL> all = new ArrayList<>(Collections.list(findResources(name)));
        all.addAll(Collections.list(ClassLoader.getPlatformClassLoader().getResources(name)));
        return Collections.enumeration(all);
    }

    @Override
    public @Nullable InputStream getResourceAsStream(String name) {
        JarEntry entry = entry(name);
        try {
            return entry != null ? jar.getInputStream(entry) : super.getResourceAsStream(name);
        } catch (IOException | IllegalStateException e) {
            return null;
        }
    }

    @Override
    protected @Nullable URL findResource(String name) {
        JarEntry entry = entry(name);
        if (entry == null) {
            return null;
        }
        try {
            return isNativeLibrary(name) ? unpacked(name, entry) : new URL(null, base + name, new Resources(this));
        } catch (MalformedURLException e) {
            return null;
        }
    }

    @Override
    protected Enumeration<URL> findResources(String name) {
        URL url = findResource(name);
        return url == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(url));
    }

    /** Through this loader, because for a jar: URL the JDK would open the agent's jar once more. */
    private static final class Resources extends URLStreamHandler {
        private final IsolatedLoader loader;

        Resources(IsolatedLoader loader) {
            this.loader = loader;
        }

        @Override
        protected URLConnection openConnection(URL url) {
            String name = url.toString().substring(loader.base.length());
            return new URLConnection(url) {
                @Override
                public void connect() {
                    connected = true;
                }

                @Override
                public InputStream getInputStream() throws IOException {
                    InputStream content = loader.getResourceAsStream(name);
                    if (content == null) {
                        throw new FileNotFoundException(url.toString());
                    }
                    return content;
                }
            };
        }
    }

    private static boolean isNativeLibrary(String name) {
        return name.startsWith("com/sun/jna/") && name.indexOf("jnidispatch") > 0;
    }

    /**
     * Unpacks JNA's library to the state directory, which the isolated side knows. JNA itself would unpack it to the temporary folder, under a name
     * that others can predict.
     */
    private @Nullable URL unpacked(String name, JarEntry entry) {
        try (InputStream in = jar.getInputStream(entry)) {
            return (URL) loadClass("io.github.csvbackup.agent.NativeLibrary")
                    .getMethod("unpack", String.class, InputStream.class)
                    .invoke(null, name.substring(name.lastIndexOf('/') + 1), in);
        } catch (ReflectiveOperationException | IOException e) {
            Throwable cause = e.getCause() != null ? e.getCause() : e;
            Messages.print("cannot unpack the native library of JNA: " + Messages.of(cause));
            return null;
        }
    }

    /**
     * Releases JNA, if it was loaded, and closes the jar. After that, no more classes can be loaded.
     *
     * @throws IOException if JNA cannot be released; then the jar stays open for the code that is still running
     */
    @Override
    public void close() throws IOException {
        if (findLoadedClass("com.sun.jna.Native") != null) {
            JnaRelease.release(this);
        }
        jar.close();
    }
}
