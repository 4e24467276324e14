package io.github.csvbackup.agent;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for the system properties in the libraries inside the agent's jar: the build bends their calls to here. A
 * host that has the same library sets properties for its own copy; ours must neither obey nor overwrite them.
 */
public final class PrivateProperties {
    private static final Map<String, String> OWN = new ConcurrentHashMap<>();

    private PrivateProperties() {}

    /** The library's own value, or a fact about the JVM such as {@code os.name}; null where there is none. */
    public static @Nullable String getProperty(String key) {
        return isOfALibrary(key) ? OWN.get(key) : System.getProperty(key);
    }

    public static @Nullable String getProperty(String key, @Nullable String otherwise) {
        String value = getProperty(key);
        return value != null ? value : otherwise;
    }

    /** Never reaches the host's properties, whatever the key; returns the value before. */
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
