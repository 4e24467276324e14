package io.github.csvbackup.agent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The system properties of the libraries inside the agent's jar: the build redirects their calls to this class. A host with the same library sets
 * properties for its own copy, which ours must neither read nor overwrite.
 */
public final class PrivateProperties {
    private static final Map<String, String> OWN = new ConcurrentHashMap<>();

    private PrivateProperties() {}

    /** The library's own value, or a fact about the JVM such as {@code os.name}; null if there is none. */
    public static @Nullable String getProperty(String key) {
        return isOfALibrary(key) ? OWN.get(key) : System.getProperty(key);
    }

    public static @Nullable String getProperty(String key, @Nullable String otherwise) {
        String value = getProperty(key);
        return value != null ? value : otherwise;
    }

    /** Never changes a property of the host. Returns the previous value. */
    public static @Nullable String setProperty(String key, String value) {
        return OWN.put(key, value);
    }

    public static boolean getBoolean(String key) {
        return Boolean.parseBoolean(getProperty(key));
    }

    private static boolean isOfALibrary(String key) {
        return key.startsWith("jna.") || key.startsWith("jnidispatch.") || key.startsWith("slf4j.");
    }
}
