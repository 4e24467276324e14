package io.github.csvbackup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedJar;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** When the build step makes no zip: it says one sentence, and leaves no zip, not even that of the build before. */
@Tag("jdk-independent")
class StoppedReleaseIT {
    @TempDir
    static Path folder;

    /** The released files of the repository, and nothing else of it. */
    private static Path sources;

    @TempDir
    Path scratch;

    private Path root;
    private Path zip;
    private Path sbom;

    @BeforeAll
    static void unzip() throws IOException {
        sources = UnzippedRelease.in(folder);
    }

    @BeforeEach
    void aRepository() throws IOException {
        root = Files.createDirectory(scratch.resolve("repository"));
        for (String file : UnzippedRelease.files(sources)) {
            if (file.matches("(scripts|grafana|src|\\.github)/.*|LICENSE|README\\.md")) {
                copy(sources.resolve(file), file);
            }
        }
        for (String text : UnzippedRelease.files(Path.of("src/licenses"))) {
            copy(Path.of("src/licenses", text), "src/licenses/" + text);
        }
        copy(Path.of("pom.xml"), "pom.xml");
        sbom = scratch.resolve("libraries.cdx.json");
        Files.writeString(sbom, """
                {
                  "components" : [
                  ],
                  "dependencies" : [
                    {
                      "ref" : "pkg:maven/net.java.dev.jna/jna@5.19.1?type=jar",
                      "dependsOn" : [ ]
                    }
                  ]
                }
                """);
        zip = scratch.resolve("csv-backup-agent-9.zip");
        Files.writeString(zip, "of the build before");
        Files.writeString(scratch.resolve("csv-backup-agent-9.zip.sha256"), "of the build before");
    }

    private void copy(Path from, String to) throws IOException {
        Path file = root.resolve(to);
        Files.createDirectories(file.getParent());
        Files.copy(from, file);
    }

    @Test
    void nothingEndsItHere() throws Exception {
        assertThat(release(scratch)).isEqualTo("exit code 0");
        assertThat(zip).isNotEmptyFile();
    }

    @Test
    void filesThatAreNotMeantEndTheBuild() throws Exception {
        for (String file : List.of(
                "scripts/Install-CsvBackupAgent.ps1~",
                "scripts/CsvBackupState/Public/.Get-CsvBackupState.ps1.swp",
                "scripts/CsvBackupState/Tests/Some.ps1",
                "src/docs/notes.txt",
                "grafana/rules (copy).yml")) {
            Path stray = root.resolve(file);
            Files.createDirectories(stray.getParent());
            Files.writeString(stray, "an editor's");
            assertThat(ended(scratch))
                    .isEqualTo(
                            "These files do not belong to the release, but lie in its folders: " + file
                                    + ". Delete or move them. For a new kind of file, add its name to src/build/ReleasedFiles.java.");
            Files.delete(stray);
        }
    }

    @Test
    void aPartAboutTheSourceTreeThatDoesNotEndEndsTheBuild() throws Exception {
        for (String half : List.of("<!-- source tree -->", "<!-- end of source tree -->")) {
            Files.writeString(root.resolve("src/docs/guard.md"), "One.\n" + half + "\nTwo.\n");
            assertThat(ended(scratch))
                    .isEqualTo(
                            "src/docs/guard.md has a comment that begins or ends a part about the source tree, but not the other one.");
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aLinkIsNotFollowed() throws Exception {
        Files.createSymbolicLink(
                root.resolve("scripts/Setup/Linked.ps1"), Path.of("pom.xml").toAbsolutePath());

        assertThat(ended(scratch)).contains("lie in its folders: scripts/Setup/Linked.ps1. ");
    }

    @Test
    void aLibraryWithoutLicenceTextEndsTheBuild() throws Exception {
        Path library = jarWith("unlicensed-2.0.jar", Map.of("META-INF/NOTICE", "by someone"));

        assertThat(ended(library))
                .startsWith("The licence text of unlicensed-2.0 is missing: it is neither in its jar");
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

        assertThat(ended(library)).startsWith("The licence text of inner-3.0 is missing: it is neither in its jar");
    }

    /** As after an offline build, which has the list of an earlier one. */
    @Test
    void aLibraryThatIsNotListedEndsTheBuild() throws Exception {
        Path library = jarWith("newer-2.0.jar", Map.of("META-INF/LICENSE", "as you like"));

        assertThat(ended(library)).startsWith("newer-2.0.jar is not listed in " + sbom + ". Build once without -o");
    }

    /** Maven offline, after a change of the POM or before the first build: no failure, since all but the zip was built. */
    @Test
    void withoutAListOfTheseLibrariesThereIsNoZip() throws Exception {
        FileTime changed = Files.getLastModifiedTime(root.resolve("pom.xml"));
        Files.setLastModifiedTime(sbom, FileTime.fromMillis(changed.toMillis() - 1000));
        assertNoZipIsMade(sbom + " is older than pom.xml. Build once without -o");

        Files.delete(sbom);
        assertNoZipIsMade(sbom + " is missing. Build once without -o");
    }

    private void assertNoZipIsMade(String reason) throws Exception {
        assertThat(release(scratch))
                .startsWith("No zip of the release is made: " + reason)
                .endsWith("\nexit code 0")
                .hasLineCount(2);
        assertNoZip();
    }

    @Test
    void anotherJnaMayHaveAnotherLibffi() throws Exception {
        Files.writeString(sbom, Files.readString(sbom).replace("jna@5.19.1", "jna@5.20.0"));

        assertThat(ended(scratch)).startsWith("Cannot add libffi to " + sbom).contains("After an update of JNA, ");
    }

    private Path jarWith(String name, Map<String, String> entries) throws IOException {
        Path file = scratch.resolve(name);
        try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, String> entry : entries.entrySet()) {
                jar.putNextEntry(new ZipEntry(entry.getKey()));
                jar.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return file;
    }

    /** The one line that the failed build step says. */
    private String ended(Path library) throws Exception {
        String said = release(library);
        assertThat(said).endsWith("\nexit code 1").hasLineCount(2);
        assertNoZip();
        return said.lines().findFirst().orElseThrow();
    }

    private void assertNoZip() {
        assertThat(zip).doesNotExist();
        assertThat(scratch.resolve("csv-backup-agent-9.zip.sha256")).doesNotExist();
    }

    private String release(Path library) throws Exception {
        Path output = Files.createTempFile(scratch, "release", ".txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        PackagedJar.buildClasses().toString(),
                        "Release",
                        zip.toString(),
                        root.toString(),
                        PackagedJar.path().toString(),
                        sbom.toString(),
                        String.join(File.pathSeparator, folder.toString(), library.toString()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output) + "exit code " + process.exitValue();
    }
}
