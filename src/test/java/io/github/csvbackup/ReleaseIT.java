package io.github.csvbackup;

import static io.github.csvbackup.UnzippedRelease.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.csvbackup.agent.PackagedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The zip of the release: its files, their sums, its links, and its jar. */
@Tag("jdk-independent")
class ReleaseIT {
    private static final Pattern SOURCE_TREE =
            Pattern.compile("(?s)<!-- source tree -->\n.*?<!-- end of source tree -->\n");

    @TempDir
    static Path folder;

    private static Path release;

    @BeforeAll
    static void unzip() throws IOException {
        release = UnzippedRelease.in(folder.resolve("unzipped"));
    }

    @Test
    void theFolderHasTheNameOfTheZip() {
        assertThat(PackagedJar.release()).hasFileName(release.getFileName() + ".zip");
    }

    /** No tests, no sources, nothing that only a machine with the repository has. */
    @Test
    void holdsWhatIsNeededAndNothingElse() throws IOException {
        try (Stream<Path> all = Files.list(release)) {
            assertThat(all.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            ".github",
                            "LICENSE",
                            "README.md",
                            "SHA256SUMS",
                            "csv-backup-agent.cdx.json",
                            "csv-backup-agent.jar",
                            "grafana",
                            "licenses",
                            "scripts",
                            "src");
        }
        assertThat(UnzippedRelease.files(release.resolve("src")))
                .allMatch(file -> file.matches("docs/[\\w-]+\\.(md|png)"));
        assertThat(UnzippedRelease.files(release.resolve(".github"))).containsExactly("CONTRIBUTING.md", "SECURITY.md");
        for (String root : List.of("scripts", "grafana", "src/docs")) {
            assertThat(UnzippedRelease.files(release.resolve(root)))
                    .as(root)
                    .isEqualTo(UnzippedRelease.files(Path.of(root)));
        }
    }

    /** A clone may have more: then this fails, and says what. An archive of the sources has no list to compare with. */
    @Test
    void holdsOnlyFilesThatAreKeptInTheRepository() throws Exception {
        assumeTrue(Files.exists(Path.of(".git")), "these sources are not a clone of the repository");
        Path output = folder.resolve("kept.txt");
        Process git = new ProcessBuilder(RealPart.program("git", "git"), "ls-files", "-z")
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(git.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(git.exitValue()).isZero();
        List<String> kept = List.of(Files.readString(output).split("\0", -1));

        assertThat(UnzippedRelease.files(release))
                .filteredOn(file -> file.matches("(scripts|grafana|src|\\.github)/.*|LICENSE|README\\.md"))
                .hasSizeGreaterThan(60)
                .isSubsetOf(kept);
    }

    /** Line feeds, as the scripts have them in the repository: Windows PowerShell reads them, too. */
    @Test
    void theFilesAreThoseOfTheRepository() throws IOException {
        for (String file : UnzippedRelease.files(release)) {
            if (file.endsWith(".md") && !file.startsWith("licenses/")) {
                assertThat(release.resolve(file))
                        .hasContent(SOURCE_TREE
                                .matcher(Files.readString(Path.of(file)))
                                .replaceAll(""));
            } else if (file.matches("(scripts|grafana|src|\\.github)/.*|LICENSE")) {
                assertThat(release.resolve(file)).hasSameBinaryContentAs(Path.of(file));
            }
        }
    }

    /** Who has only the zip can build nothing. The other documents are about how the agent is made and measured. */
    @Test
    void theDocumentsForAdministratorsNeedNoBuild() throws IOException {
        List<String> documents = UnzippedRelease.files(release).stream()
                .filter(file -> file.matches("README\\.md|grafana/.+\\.md|src/docs/[a-z]+\\.md"))
                .filter(file -> !file.matches(".+/(architecture|performance)\\.md"))
                .toList();
        assertThat(documents).hasSizeGreaterThan(7);
        for (String file : documents) {
            assertThat(Files.readString(release.resolve(file)))
                    .as(file)
                    .doesNotContain("mvn ", "target/", "source tree");
        }
    }

    @Test
    void everyFileHasItsSum() throws IOException {
        Map<String, String> sums = new TreeMap<>();
        for (String line : Files.readAllLines(release.resolve("SHA256SUMS"))) {
            sums.put(line.substring(66), line.substring(0, 64));
        }
        Map<String, String> found = new TreeMap<>();
        for (String file : UnzippedRelease.files(release)) {
            found.put(file, sha256(release.resolve(file)));
        }
        found.remove("SHA256SUMS");

        assertThat(sums).isEqualTo(found);
        assertThat(PackagedJar.release().resolveSibling(PackagedJar.release().getFileName() + ".sha256"))
                .hasContent(sha256(PackagedJar.release()) + "  "
                        + PackagedJar.release().getFileName());
    }

    @Test
    void sha256sumAcceptsTheSumsAndFindsAChangedFile() throws Exception {
        Path copy = UnzippedRelease.in(folder.resolve("changed"));
        String program = RealPart.program("coreutils", "sha256sum");
        assertThat(exitCode(copy, program, "--check", "--strict", "--quiet", "SHA256SUMS"))
                .isZero();

        Files.writeString(copy.resolve("README.md"), "changed");
        assertThat(exitCode(copy, program, "--check", "--strict", "--quiet", "SHA256SUMS"))
                .isEqualTo(1);
    }

    private static int exitCode(Path in, String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void theLinksOfTheDocumentsLeadToFilesOfTheZip() throws IOException {
        int links = 0;
        for (String file : UnzippedRelease.files(release)) {
            if (file.endsWith(".md")) {
                for (Documents.Link link : Documents.links(release.resolve(file))) {
                    links++;
                    assertThat(link.to()).as("%s links to it", file).exists().startsWith(release);
                }
            }
        }
        assertThat(links).isGreaterThan(50);
    }

    @Test
    void theJarRuns() throws Exception {
        Path output = folder.resolve("version.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        "csv-backup-agent.jar",
                        "version")
                .directory(release.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(Files.readString(output).strip().replace(' ', '-'))
                .isEqualTo(release.getFileName().toString());
    }
}
