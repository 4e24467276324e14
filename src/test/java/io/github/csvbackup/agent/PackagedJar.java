package io.github.csvbackup.agent;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files that the build made for the tests of the packaged agent. */
public final class PackagedJar {
    private PackagedJar() {}

    public static Path path() {
        return Path.of(property("csvbackup.agent.jar"));
    }

    static long limit() {
        return Long.parseLong(property("csvbackup.agent.jar.limit"));
    }

    /** The old Micrometer and JNA of a host. */
    public static Path hostLibraries() {
        return Path.of(property("csvbackup.host.libraries"));
    }

    static Path testClasses() {
        return Path.of(property("csvbackup.test.classes"));
    }

    private static String property(String name) {
        @Nullable String value = System.getProperty(name);
        if (value == null) {
            throw new IllegalStateException(name + " is not set: run this test with mvn verify, which packages first");
        }
        return value;
    }
}
