package io.github.csvbackup.agent;

import io.github.csvbackup.RealPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/** The files that the build made for the tests of the packaged agent. */
public final class PackagedJar {
    private PackagedJar() {}

    public static Path path() {
        return Path.of(property("csvbackup.agent.jar"));
    }

    /** The names of the isolated classes. */
    public static List<String> classes() throws IOException {
        try (JarFile jar = new JarFile(path().toFile());
                InputStream in = jar.getInputStream(jar.getEntry("isolated/classes.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    static long limit() {
        return Long.parseLong(property("csvbackup.agent.jar.limit"));
    }

    /** The old Micrometer and JNA of a host. */
    public static Path hostLibraries() {
        return Path.of(property("csvbackup.host.libraries"));
    }

    /** The zip of the release. */
    public static Path release() {
        Path zip = Path.of(property("csvbackup.release.zip"));
        if (!Files.exists(zip)) {
            throw RealPart.missing(zip
                    + " is missing: the build has said why; build once without -o, so that CycloneDX's plugin runs");
        }
        return zip;
    }

    /** The build steps of src/build, compiled. */
    public static Path buildClasses() {
        return Path.of(property("csvbackup.build.classes"));
    }

    public static Path testClasses() {
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
