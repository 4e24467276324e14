package io.github.csvbackup.bench;

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

/**
 * A Java installation.
 *
 * @param version such as 17.0.15
 */
record Jdk(Path home, String version) {
    /** The one that runs this program, and the newest one below /usr/lib/jvm or the one that JAVA_NEWER_HOME names, if its version differs. */
    static List<Jdk> found() throws IOException {
        List<Jdk> jdks = new ArrayList<>(List.of(at(Path.of(System.getProperty("java.home")))));
        @Nullable String named = System.getenv("JAVA_NEWER_HOME");
        Path all = Path.of("/usr/lib/jvm");
        try (Stream<Path> homes =
                named != null ? Stream.of(Path.of(named)) : Files.isDirectory(all) ? Files.list(all) : Stream.empty()) {
            Optional<Jdk> newest = homes.filter(home -> Files.isExecutable(home.resolve("bin/javac")))
                    .filter(home -> Files.isReadable(home.resolve("release")))
                    .map(Jdk::at)
                    .max(Comparator.comparingInt(Jdk::feature));
            newest.filter(jdk -> jdk.feature() > jdks.get(0).feature()).ifPresent(jdks::add);
        }
        return jdks;
    }

    /** The installation in a folder. */
    static Jdk at(Path home) {
        Properties release = new Properties();
        try (var in = Files.newBufferedReader(home.resolve("release"))) {
            release.load(in);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "-Dbench.jdks: " + home
                            + " is not a JDK: it has no file named release. Give the folders of JDKs, separated by commas.",
                    e);
        }
        return new Jdk(home, release.getProperty("JAVA_VERSION", "0").replace("\"", ""));
    }

    int feature() {
        return Integer.parseInt(version.split("[.+-]", 2)[0]);
    }

    /** For a column of the table. */
    String label() {
        return Integer.toString(feature());
    }
}
