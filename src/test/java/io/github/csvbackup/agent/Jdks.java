package io.github.csvbackup.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Java installations for the tests: the one that runs them, and a newer one. */
final class Jdks {
    private Jdks() {}

    /** With different versions, oldest first. If there is no newer one, prints a line; with CI=true, fails. */
    static List<Path> all() throws IOException {
        List<Path> homes = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"))));
        Optional<Path> other = other();
        if (other.isPresent()) {
            homes.add(other.get());
        } else if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException("No second JDK: install one below /usr/lib/jvm or set JAVA_NEWER_HOME");
        } else {
            System.out.println("Not run on a second JDK: install one below /usr/lib/jvm or set JAVA_NEWER_HOME");
        }
        homes.sort(Comparator.comparingInt(Jdks::version));
        return homes;
    }

    /** The newest one whose feature version differs from this JVM. */
    private static Optional<Path> other() throws IOException {
        @Nullable String named = System.getenv("JAVA_NEWER_HOME");
        Path all = Path.of("/usr/lib/jvm");
        try (Stream<Path> found =
                named != null ? Stream.of(Path.of(named)) : Files.isDirectory(all) ? Files.list(all) : Stream.empty()) {
            return found.filter(home -> Files.isExecutable(home.resolve("bin/javac")))
                    .filter(home -> version(home) >= 17)
                    .filter(home -> version(home) != Runtime.version().feature())
                    .max(Comparator.comparingInt(Jdks::version));
        }
    }

    static int version(Path home) {
        Properties release = new Properties();
        try (var in = Files.newBufferedReader(home.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            return 0;
        }
        String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
        return Integer.parseInt(version.split("[.+-]", 2)[0]);
    }
}
