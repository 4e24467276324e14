package io.github.csvbackup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
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
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each library whose classes are in the jar is in the list of parts (SBOM), and its licence text is in the release. */
@Tag("jdk-independent")
class ReleasedLibrariesIT {
    private static final Pattern BUNDLED = Pattern.compile("META-INF/maven/([^/]+)/([^/]+)/pom\\.properties");

    private static final String LIBFFI = "pkg:github/libffi/libffi@v3.4.4";

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

    /** By group, name and version, with the sums of their files. Without libffi, which does not come from Maven. */
    private static Map<String, List<String>> listedParts() throws JsonException {
        Map<String, List<String>> parts = new TreeMap<>();
        for (Object each : list(Json.read(sbom), "components")) {
            String address = String.valueOf(((Map<?, ?>) each).get("purl"));
            if (!address.equals(LIBFFI)) {
                String part = URI.create(address).getSchemeSpecificPart().replaceFirst("^maven/(.*)\\?type=.*$", "$1");
                parts.put(
                        part,
                        list(each, "hashes").stream()
                                .map(sum -> String.valueOf(((Map<?, ?>) sum).get("content")))
                                .toList());
            }
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

        assertThat(expected).hasSizeGreaterThan(11).contains("com.googlecode.json-simple/json-simple@1.1.1");
        assertThat(listedParts().keySet()).isEqualTo(expected);
    }

    /** The native libraries are those of JNA's repository whose libffi is known: their sums are beside the licences. */
    @Test
    void libffiIsListedAsAPartOfJna() throws Exception {
        List<?> all = list(Json.read(sbom), "components");
        assertThat(all)
                .filteredOn(part -> LIBFFI.equals(((Map<?, ?>) part).get("purl")))
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("name", "libffi")
                .containsEntry("version", "3.4.4")
                .extractingByKey("licenses")
                .hasToString("[{license={id=MIT, url=https://opensource.org/license/mit}}]");
        assertThat(list(Json.read(sbom), "dependencies"))
                .filteredOn(each -> list(each, "dependsOn").contains(LIBFFI))
                .singleElement()
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .extractingByKey("ref")
                .asString()
                .startsWith("pkg:maven/net.java.dev.jna/jna@");

        String known = Files.readString(release.resolve("licenses/README.md"));
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            List<JarEntry> natives = jar.stream()
                    .filter(entry -> entry.getName().contains("jnidispatch."))
                    .toList();
            assertThat(natives).hasSize(4);
            for (JarEntry each : natives) {
                Path library = Files.createTempFile(folder, "jnidispatch", "");
                Files.write(library, jar.getInputStream(each).readAllBytes());
                String name = each.getName().replaceFirst("^isolated/com/sun/jna/", "");
                assertThat(known).contains("| `" + name + "` | " + UnzippedRelease.sha256(library) + " |");
            }
        }
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
}
