package io.github.csvbackup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each library whose classes are in the jar is in the list of parts (SBOM), and its licence text is in the release. */
@Tag("jdk-independent")
class ReleasedLibrariesIT {
    private static final Pattern BUNDLED = Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom\\.properties");

    @TempDir
    static Path folder;

    private static Path release;
    private static String sbom;
    private static Set<Path> libraries;

    @BeforeAll
    static void unzip() throws Exception {
        release = UnzippedRelease.in(folder.resolve("unzipped"));
        sbom = Files.readString(release.resolve("csv-backup-agent.cdx.json"));
        libraries = librariesOfTheJar();
    }

    /** The jars from which the build took the classes: the tests have them on their class path. */
    private static Set<Path> librariesOfTheJar() throws Exception {
        Set<Path> jars = new TreeSet<>();
        for (String name : PackagedJar.classes()) {
            if (!name.startsWith("io.github.csvbackup.")) {
                // The build adds classes for lambdas; they lie in the class around them.
                String outermost = name.replaceFirst("(?<=\\w)\\$.*", "").replace('.', '/') + ".class";
                URL there = Objects.requireNonNull(ClassLoader.getSystemResource(outermost), outermost);
                JarURLConnection jar = (JarURLConnection) there.openConnection();
                jars.add(Path.of(jar.getJarFileURL().toURI()));
            }
        }
        return jars;
    }

    private static String nameOf(Path jar) {
        return jar.getFileName().toString().replaceFirst("\\.jar$", "");
    }

    /** Group, name and version of what lies in the jar by its own account: the library, and others that it bundles. */
    private static Set<String> partsIn(Path library) throws IOException {
        Set<String> parts = new TreeSet<>();
        try (JarFile jar = new JarFile(library.toFile())) {
            for (ZipEntry entry : Collections.list(jar.entries())) {
                Matcher part = BUNDLED.matcher(entry.getName());
                if (part.matches()) {
                    Properties about = new Properties();
                    about.load(jar.getInputStream(entry));
                    parts.add(part.group(1) + "/" + part.group(2) + "@" + about.getProperty("version"));
                }
            }
        }
        return parts;
    }

    /** By group, name and version, with the sums of their files. */
    private static Map<String, List<String>> listedParts() throws JsonException {
        Map<String, List<String>> parts = new TreeMap<>();
        for (Object each : list(Json.read(sbom), "components")) {
            String address = String.valueOf(((Map<?, ?>) each).get("purl"));
            String part = URI.create(address).getSchemeSpecificPart().replaceFirst("^maven/(.*)\\?type=.*$", "$1");
            parts.put(
                    part,
                    list(each, "hashes").stream()
                            .map(sum -> String.valueOf(((Map<?, ?>) sum).get("content")))
                            .toList());
        }
        return parts;
    }

    private static List<?> list(Object object, String name) {
        return (List<?>) Objects.requireNonNull(((Map<?, ?>) object).get(name), name);
    }

    private static Set<String> listedWithSum(String sum) throws JsonException {
        return listedParts().entrySet().stream()
                .filter(part -> part.getValue().contains(sum))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    @Test
    void everyLibraryIsListedWithTheSumOfItsJar() throws Exception {
        Set<String> expected = new TreeSet<>();
        for (Path library : libraries) {
            Set<String> same = listedWithSum(UnzippedRelease.sha256(library));
            assertThat(same).as("%s in the list of parts", library).hasSize(1);
            expected.addAll(same);
            expected.addAll(partsIn(library));
        }

        assertThat(expected).hasSizeGreaterThan(12).contains("com.googlecode.json-simple/json-simple@1.1.1");
        assertThat(listedParts().keySet()).isEqualTo(expected);
    }

    /** The time and the serial number of a build would make each zip another. */
    @Test
    void theListDoesNotDependOnTheBuild() {
        assertThat(sbom)
                .contains("\"cdx:reproducible\"")
                .doesNotContain("\"timestamp\"")
                .doesNotContain(System.getProperty("user.dir"));
    }

    /** Also those that lie in the jar of another. */
    private static Set<String> namesOfAll() throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path library : libraries) {
            names.add(nameOf(library));
            partsIn(library)
                    .forEach(part -> names.add(part.replaceFirst(".*/", "").replace('@', '-')));
        }
        return names;
    }

    @Test
    void everyLibraryHasItsLicenceText() throws Exception {
        for (String name : namesOfAll()) {
            assertThat(release.resolve("licenses").resolve(name).toFile().list())
                    .as("licence texts of %s", name)
                    .isNotNull()
                    .anyMatch(file -> file.startsWith("LICENSE"));
        }
        assertThat(UnzippedRelease.files(release.resolve("licenses")))
                .as("a part of JNA")
                .anyMatch(file -> file.matches("jna-[\\d.]+/LICENSE-libffi"));
    }

    @Test
    void theListInTheJarNamesThemAndNoOthers() throws Exception {
        List<String> lines;
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            byte[] list = jar.getInputStream(jar.getEntry("META-INF/licenses/THIRD-PARTY.txt"))
                    .readAllBytes();
            lines = new String(list, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("https://"))
                    .toList();
        }
        List<String> words = lines.stream()
                .map(line -> line.toLowerCase(Locale.ROOT).split("[ ,]", 2)[0])
                .toList();
        List<String> names =
                namesOfAll().stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();

        assertThat(names).allMatch(name -> words.stream().anyMatch(name::startsWith));
        assertThat(words)
                .filteredOn(word -> names.stream().noneMatch(name -> name.startsWith(word)))
                .containsExactly("libffi");
    }

    @Test
    void aLibraryWithoutLicenceTextEndsTheBuild() throws Exception {
        Path library = jarWith("unlicensed-2.0.jar", Map.of("META-INF/NOTICE", "by someone"));

        assertThat(failedRelease(library)).contains("There is no licence text of unlicensed-2.0, neither in its jar");
    }

    @Test
    void aLibraryInAnotherWithoutLicenceTextEndsTheBuild() throws Exception {
        Path library = jarWith(
                "licensed-1.0.jar",
                Map.of(
                        "META-INF/LICENSE.txt",
                        "as you like",
                        "META-INF/maven/org.example/inner/pom.properties",
                        "artifactId=inner\nversion=3.0\n"));

        assertThat(failedRelease(library)).contains("There is no licence text of inner-3.0, neither in its jar");
    }

    /** As after an offline build, which has the list of an earlier one. */
    @Test
    void aLibraryThatIsNotListedEndsTheBuild() throws Exception {
        Path library = jarWith("newer-2.0.jar", Map.of("META-INF/LICENSE", "as you like"));

        assertThat(failedRelease(library)).contains("newer-2.0.jar is not listed in", "Build once without -o.");
    }

    private static Path jarWith(String name, Map<String, String> entries) throws IOException {
        Path file = folder.resolve(name);
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                jar.putNextEntry(new ZipEntry(entry.getKey()));
                jar.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    /** What the build step says about a library. It must fail, and write no zip. */
    private static String failedRelease(Path library) throws Exception {
        Path zip = folder.resolve("failed.zip");
        Path output = Files.createTempFile(folder, "release", ".txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        PackagedJar.buildClasses().toString(),
                        "Release",
                        zip.toString(),
                        System.getProperty("user.dir"),
                        PackagedJar.path().toString(),
                        release.resolve("csv-backup-agent.cdx.json").toString(),
                        String.join(File.pathSeparator, folder.toString(), library.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(zip).doesNotExist();
        return Files.readString(output);
    }
}
