package io.github.csvbackup.http.jolokia;

import org.w3c.dom.Element;

/** What Jolokia needs of the JDK. It is loaded with the first request, and a JVM that lacks something should say so at the start. */
public final class JolokiaModules {
    private JolokiaModules() {}

    /**
     * Looks whether it is there.
     *
     * @return the name of a class that was found
     * @throws NoClassDefFoundError if the runtime image lacks a module
     */
    public static String require() {
        return Element.class.getName();
    }
}
