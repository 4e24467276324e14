package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Removals of an installed agent, on a node that is played as in InstallerIT. */
class InstallerRemovalIT extends WithPlayedNode {
    @Test
    void uninstallKeepsTheAuditUnlessToldOtherwise() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        Path state = node.path("ProgramData/csv-backup-agent");
        Files.writeString(node.path("Program Files/csv-backup-agent/users"), "ours");

        PowerShell.Ended shown = node.uninstall("-WhatIf");
        assertThat(shown.output())
                .contains("What if: ", "stop and remove the service")
                .doesNotContain("ERROR");
        assertThat(node.calls()).isEmpty();

        assertThat(node.uninstall("").output())
                .isEqualTo("WARNING: NODE/Program Files/csv-backup-agent was kept, because it contains users.");
        assertThat(node.calls()).containsExactly("jdk-17 csv-backup-agent.jar service uninstall");
        assertThat(node.path(PlayedNode.JAR)).doesNotExist();
        assertThat(node.path(PlayedNode.MODULES)).doesNotExist();
        assertThat(state.resolve("audit.jsonl")).isNotEmptyFile();

        Files.writeString(state.resolve("not of the agent"), "");
        assertThat(node.uninstall("-RemoveData").output())
                .contains("csv-backup-agent was kept, because it contains not of the agent.");
        assertThat(state).isDirectoryNotContaining("glob:**/{audit*,state.jsonl,operator.token,native}");
        Files.delete(state.resolve("not of the agent"));
        node.uninstall("-RemoveData");
        assertThat(state).doesNotExist();
    }

    /** Such as after the folder was deleted by hand. */
    @Test
    void aMissingJarDoesNotPreventTheRemoval() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.close();
        node.calls();
        Files.delete(node.path(PlayedNode.JAR));

        assertThat(node.uninstall("").output()).isEmpty();

        assertThat(node.path("service")).doesNotExist();
        assertThat(node.path(PlayedNode.MODULES)).doesNotExist();
    }

    /** The uninstaller has no parameter for another folder. */
    @Test
    void withoutAnyJarTheReleaseIsAskedFor() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        Files.delete(node.path(PlayedNode.JAR));
        Files.delete(node.path("release/csv-backup-agent.jar"));

        assertThat(node.uninstall("").output())
                .isEqualTo("ERROR CsvBackupAgent.Uninstall,Uninstall-CsvBackupAgent.ps1: NODE/release does not contain"
                        + " csv-backup-agent.jar. Run this script from the unzipped release.");
    }

    /** The next run cannot know it. */
    @Test
    void aFailureNamesTheDataThatTheNextRunWillNotFind() throws Exception {
        String script = """
                function Start-Sleep([int] $Milliseconds) { }
                function Remove-Item {
                    [CmdletBinding()] param([string] $LiteralPath, [switch] $Recurse, [switch] $Force)
                    throw "$(Split-Path -Leaf -Path $LiteralPath) is in use."
                }
                & 'NODE/release/scripts/Uninstall-CsvBackupAgent.ps1' ARGUMENTS
                """;
        String failed = "ERROR CsvBackupAgent.Uninstall,Uninstall-CsvBackupAgent.ps1: NODE/" + PlayedNode.JAR
                + " cannot be removed: csv-backup-agent.jar is in use.";
        String named =
                " The next run will not find NODE/data, because the service is removed. Delete that directory yourself.";

        assertThat(afterInstallationWith("'state-dir=NODE/data'", script.replace("ARGUMENTS", "-RemoveData")))
                .isEqualTo(failed + named);
        assertThat(afterInstallationWith("'state-dir=NODE/data'", script.replace("ARGUMENTS", "")))
                .isEqualTo(failed);
        assertThat(afterInstallationWith("'log-level=info'", script.replace("ARGUMENTS", "-RemoveData")))
                .isEqualTo(failed);
    }

    private String afterInstallationWith(String option, String script) throws Exception {
        PlayedNode.assertWorked(node.install("-AgentOption 'PORT', 'poll-interval=200ms', " + option));
        return node.run(script).output();
    }

    @Test
    void aMissingOptionsFileDoesNotPreventTheRemoval() throws Exception {
        Path file = node.path("agent.properties");
        Files.writeString(file, "poll-interval=300ms\n");
        PlayedNode.assertWorked(node.install("-AgentOption 'PORT', 'config=" + file + "'"));
        node.calls();
        Files.delete(file);

        assertThat(node.uninstall("").output())
                .isEqualTo("WARNING: The options file NODE/agent.properties of the service does not exist, so the"
                        + " options in it are not known.");

        assertThat(node.calls()).containsExactly("jdk-17 csv-backup-agent.jar service uninstall");
        assertThat(node.path(PlayedNode.JAR)).doesNotExist();
    }

    @Test
    void whatIfNamesEachStepAndDoesNothing() throws Exception {
        PlayedNode.assertWorked(node.install("-CopyJava"));
        node.calls();
        node.close();
        Map<String, String> before = node.files();
        String program = "NODE/Program Files/csv-backup-agent";
        String state = "NODE/ProgramData/csv-backup-agent";
        List<String> steps = new ArrayList<>(List.of(
                "stop and remove the service on CsvBackupAgent",
                "remove the copy of Java on " + program + "/java-17",
                "remove on " + program + "/csv-backup-agent.jar",
                "remove on NODE/" + PlayedNode.MODULES,
                "remove the folder if it is empty on " + program,
                "remove the folder if it is empty on " + state));
        try (var data = Files.list(node.path("ProgramData/csv-backup-agent"))) {
            data.forEach(file -> steps.add("remove data on " + state + "/" + file.getFileName()));
        }

        PowerShell.Ended ended = node.uninstall("-RemoveData -WhatIf");

        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output()
                        .lines()
                        .map(line -> line.replaceFirst(
                                "What if: Performing the operation \"(.+)\" on target \"(.+)\"\\.", "$1 on $2")))
                .containsExactlyInAnyOrderElementsOf(steps)
                .hasSizeGreaterThan(8);
        assertThat(node.files()).isEqualTo(before);

        assertThat(node.uninstall("-RemoveData").output()).isEmpty();
        assertThat(node.files().keySet())
                .as("-WhatIf named all that is removed")
                .noneMatch(name -> name.contains("csv-backup-agent") && !name.startsWith("release"));
    }

    @Test
    void uninstallRemovesTheCopyOfJavaThatRanItsCommandAndShowsWhatStays() throws Exception {
        PlayedNode.assertWorked(node.install("-CopyJava -Account 'EXAMPLE\\csvbackup$'"));
        node.calls();
        Path program = node.path(PlayedNode.JAR).getParent();
        assertThat(program.resolve("java-17/copied-by-csv-backup-agent.txt")).exists();
        write(program, "java-11/bin/java.exe");

        assertThat(node.uninstall("").output())
                .isEqualTo(
                        "WARNING: The account EXAMPLE\\csvbackup$ keeps the right to log on as a service; other services"
                                + " may need it.\nWARNING: NODE/Program Files/csv-backup-agent was kept, because it contains java-11.");

        assertThat(node.calls()).containsExactly("java-17 csv-backup-agent.jar service uninstall");
        assertThat(program.resolve("java-17")).doesNotExist();
        assertThat(program.resolve("java-11/bin/java.exe")).exists();
    }

    @Test
    void aCopyOfJavaThatIsInUseStaysWholeAndTheNextRunRemovesIt() throws Exception {
        Path program = node.path(PlayedNode.JAR).getParent();
        write(program, "java-17/bin/java.exe", "java-17/bin/a.dll", "java-17/copied-by-csv-backup-agent.txt");

        PowerShell.Ended ended = node.run("""
                function Start-Sleep([int] $Milliseconds) { }
                function Remove-Item {
                    [CmdletBinding()] param([string] $LiteralPath, [switch] $Recurse, [switch] $Force)
                    if ($LiteralPath -like '*java*') { throw "$(Split-Path -Leaf -Path $LiteralPath) is in use." }
                    Microsoft.PowerShell.Management\\Remove-Item @PSBoundParameters
                }
                & 'NODE/release/scripts/Uninstall-CsvBackupAgent.ps1'
                """);

        String copy = "NODE/Program Files/csv-backup-agent/java-17";
        assertThat(ended.output())
                .isEqualTo("WARNING: The copy of Java in " + copy + " stays: " + copy
                        + "/bin/java.exe cannot be removed: java.exe is in use.\n"
                        + "WARNING: NODE/Program Files/csv-backup-agent was kept, because it contains java-17.");
        assertThat(program.resolve("java-17/bin/a.dll")).exists();
        assertThat(node.uninstall("").output()).isEmpty();
        assertThat(program).doesNotExist();
    }

    private static void write(Path folder, String... names) throws IOException {
        for (String name : names) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "");
        }
    }

    /** The table of the files in operate.md: what the agent writes there must be in it. */
    @Test
    void eachDocumentedFileIsRemoved() throws Exception {
        Path state = node.path("ProgramData/csv-backup-agent");
        String text = Files.readString(Path.of("src/docs/operate.md"));
        String table = text.substring(text.indexOf("| file | holds | size |"));
        List<String> names = table.lines()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split("\\|", -1)[1])
                .flatMap(cell -> Pattern.compile("`([^`]+)`").matcher(cell).results())
                .map(name -> name.group(1).replace("NUMBER", "000000000004"))
                .filter(name -> !name.equals("log-dir"))
                .toList();
        assertThat(names).contains("operator.url", "audit.head", "native", "jvm-crash.log");
        for (String name : names) {
            write(state, name.contains(".") ? name : name + "/agent.log");
        }

        assertThat(node.uninstall("-RemoveData").output()).isEmpty();

        assertThat(state).doesNotExist();
    }

    @Test
    void removedDataIsWhatTheAgentWritesAndNothingElse() throws Exception {
        Path state = node.path("ProgramData/csv-backup-agent");
        String uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
        write(
                state,
                "operator.token",
                ".operator.token." + uuid,
                "operator.url",
                ".operator.url." + uuid,
                "." + uuid + ".probe",
                "agent.lock",
                "log.lock",
                "audit.jsonl",
                "audit-000000000004.jsonl",
                "audit-000000000004-mismatch.jsonl",
                "audit-000000000004-mismatch-2.jsonl",
                "audit.head",
                "state.jsonl",
                "state.jsonl.new",
                "state.jsonl.damaged-20250102-030405",
                "agent.log",
                "agent.1.log",
                "jvm-crash.log",
                "service-failure.txt",
                "native/csv-backup-" + uuid + "-jnidispatch.dll",
                "logs/agent.log",
                "logs/agent.4.log",
                "logs/log.lock");
        String[] foreign = {
            "agent.lock.txt",
            "agent.log.zip",
            "audit-000000000004-mismatch-.jsonl",
            "audit-copy.jsonl",
            "audit.head.bak",
            "audit.jsonl.gz",
            "jvm-crash.log.1",
            "logs-archive/agent.log",
            "logs/another-program.log",
            "my-state.jsonl",
            "native",
            "native-x/a.dll",
            "operator.token.old",
            "state.jsonl.damaged-by-me"
        };
        Path second = node.path("second");
        write(second, foreign);

        PowerShell.Ended removed = node.uninstall("-RemoveData");
        assertThat(removed.errors() + removed.output()).isEmpty();
        assertThat(state).doesNotExist();
        Files.move(second, state);
        PowerShell.Ended ended = node.uninstall("-RemoveData");
        assertThat(ended.output())
                .startsWith("WARNING: NODE/ProgramData/csv-backup-agent was kept, because it contains ");
        for (String name : foreign) {
            assertThat(state.resolve(name)).exists();
        }
    }
}
