package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which Java the installer finds, and which it runs: only one that no other account than administrators can change. */
class InstallerJavaIT extends WithPlayedNode {
    @Test
    void aJavaThatCannotBeUsedIsNamed() throws Exception {
        node.java("jdk-11", "    java.specification.version = 11\n    sun.arch.data.model = 64\n");
        node.java("jre-8", "    java.specification.version = 1.8\n    sun.arch.data.model = 32\n");
        node.java("x86", "    java.specification.version = 21\n    sun.arch.data.model = 32\n");
        node.java("broken", "Error: could not find jvm.dll\n");
        String needs = ". The agent needs a 64-bit Java 17 or newer.";

        node.assertRefused(
                "-JavaHome 'NODE/nowhere'",
                "-JavaHome cannot be used: NODE/nowhere/bin/java.exe does not exist" + needs);
        node.assertRefused("-JavaHome 'NODE/jdk-11'", "NODE/jdk-11 is Java 11" + needs);
        node.assertRefused("-JavaHome 'NODE/jre-8'", "NODE/jre-8 is Java 8" + needs);
        node.assertRefused("-JavaHome 'NODE/x86'", "NODE/x86 is a 32-bit Java 21" + needs);
        node.assertRefused("-JavaHome 'NODE/broken'", "does not run: Error: could not find jvm.dll" + needs);
        PowerShell.Ended none =
                node.run("$env:JAVA_HOME = 'NODE/jdk-11'\n& 'NODE/release/scripts/Install-CsvBackupAgent.ps1'");
        assertThat(none.output())
                .endsWith(
                        "No 64-bit Java 17 or newer that only administrators can change was found in JAVA_HOME, the registry and"
                                + " the PATH. Found: NODE/jdk-11 is Java"
                                + " 11. Install one, or name its folder with -JavaHome.")
                .hasLineCount(1);
    }

    @Test
    void aJavaIsFoundInJavaHomeInTheRegistryAndOnThePath() throws Exception {
        node.java(
                "found",
                "    java.specification.version = 21\n    sun.arch.data.model = 64\n    java.home = NODE/jdk-17\n"
                        .replace("NODE", node.path("").toString().replaceFirst("/$", "")));
        String install = "& 'NODE/release/scripts/Install-CsvBackupAgent.ps1' -WhatIf";
        String expected = "service install --java=NODE/jdk-17";

        assertThat(node.run("$env:JAVA_HOME = 'NODE/jdk-17/'\n" + install).output())
                .contains(expected);
        assertThat(node.run("$env:PATH += ':NODE/found/bin'\n" + install).output())
                .as("a program that starts the Java of another folder")
                .contains(expected);
        for (String key : List.of(
                "HKLM:\\SOFTWARE\\Eclipse Adoptium\\JDK\\*\\hotspot\\MSI|Path",
                "HKLM:\\SOFTWARE\\Eclipse Adoptium\\JRE\\*\\hotspot\\MSI|Path",
                "HKLM:\\SOFTWARE\\Microsoft\\JDK\\*\\hotspot\\MSI|Path",
                "HKLM:\\SOFTWARE\\JavaSoft\\JDK\\*|JavaHome",
                "HKLM:\\SOFTWARE\\JavaSoft\\JRE\\*|JavaHome")) {
            node.has("registry", key + "|" + node.path("jdk-17") + "/\n");
            assertThat(node.run(install).output()).as(key).contains(expected);
        }
    }

    private static final String REMEDY = ". Install a Java below NODE/Program Files, or correct those permissions.";
    private static final String PROGRAM = "NODE/tools/jdk/bin/java.exe";

    private Path unsafe() throws Exception {
        return node.java("tools/jdk", "    java.specification.version = 21\n    sun.arch.data.model = 64\n");
    }

    private static String changedBy(String account, String place) {
        return PROGRAM + " can be changed by an account that is not an administrator: " + account + " may write to "
                + place;
    }

    private void assertNotRun(Path java, String problem) throws Exception {
        node.assertRefused(
                "-JavaHome 'NODE/tools/jdk'",
                "-JavaHome cannot be used, because this script would run it as an administrator: " + problem + REMEDY);
        assertThat(java.resolve("was-run")).doesNotExist();
    }

    /** Windows' constants: FILE_ADD_FILE, FILE_APPEND_DATA, FILE_DELETE_CHILD, DELETE, WRITE_DAC, WRITE_OWNER, GENERIC_WRITE and GENERIC_ALL. */
    @ParameterizedTest
    @CsvSource({
        "/bin/java.exe, 0x2",
        "/bin/java.exe, 0x4",
        "/bin, 0x2",
        "/bin, 0x4",
        "/bin, 0x40000000",
        "'', 0x40",
        "'', 0x10000",
        "'', 0x40000",
        "'', 0x80000",
        "'', 0x10000000"
    })
    void aJavaThatOthersCanChangeIsNotRun(String place, String right) throws Exception {
        Path java = unsafe();
        node.permission(java + place, "Allow|S-1-5-32-545|BUILTIN\\Users|" + right + "|None");

        assertNotRun(java, changedBy("BUILTIN\\Users", "NODE/tools/jdk" + place));
    }

    @Test
    void aFolderAboveItThatOthersOwnOrThatAllowsEverythingCounts() throws Exception {
        Path java = unsafe();
        String tools = node.path("tools").toString();
        for (String name : List.of("EXAMPLE\\eve", "")) {
            node.permission(tools, "owner|S-1-5-21-1-2-3-1001|" + name);
            assertNotRun(java, changedBy(name.isEmpty() ? "S-1-5-21-1-2-3-1001" : name, "NODE/tools"));
        }
        node.permission(tools, "none");
        assertNotRun(java, changedBy("everyone", "NODE/tools"));
        node.permission("/", "Allow|S-1-1-0|Everyone|0x1F01FF|None");
        assertNotRun(java, changedBy("Everyone", "/"));
        node.permission(tools, "fails|Attempted to perform an unauthorized operation.");
        assertNotRun(
                java,
                "who can change " + PROGRAM + " cannot be found out: Attempted to perform an unauthorized operation.");
    }

    /** What Windows grants by default, or what takes effect only below. */
    @ParameterizedTest
    @CsvSource({
        "/bin/java.exe, Allow|S-1-5-32-545|BUILTIN\\Users|0x1201BF|InheritOnly",
        "/bin/java.exe, Allow|S-1-5-32-545|BUILTIN\\Users|0x1201B9|None",
        "/bin, Deny|S-1-5-32-545|BUILTIN\\Users|0x1F01FF|None",
        "'', Allow|S-1-5-32-545|BUILTIN\\Users|0x6|None"
    })
    void aRightThatDoesNotChangeTheJavaDoesNotCount(String place, String permission) throws Exception {
        Path java = unsafe();
        node.permission(java + place, permission);

        assertThat(node.install("-WhatIf -JavaHome 'NODE/tools/jdk'").output())
                .contains("service install --java=NODE/tools/jdk");
        assertThat(java.resolve("was-run")).exists();
    }

    @Test
    void theNextJavaIsTriedAndTheSkippedOneIsNamed() throws Exception {
        Path java = unsafe();
        node.permission(java, "Allow|S-1-5-32-545|BUILTIN\\Users|0x1301BF|None");
        node.has("registry", "HKLM:\\SOFTWARE\\Microsoft\\JDK\\*\\hotspot\\MSI|Path|" + node.path("jdk-17") + "/\n");
        String install =
                "$env:JAVA_HOME = 'NODE/tools/jdk'\n& 'NODE/release/scripts/Install-CsvBackupAgent.ps1' -WhatIf";

        PowerShell.Ended ended = node.run(install);

        assertThat(ended.output())
                .startsWith("WARNING: A Java was skipped: " + changedBy("BUILTIN\\Users", "NODE/tools/jdk") + REMEDY)
                .contains("service install --java=NODE/jdk-17");
        assertThat(java.resolve("was-run")).doesNotExist();
        node.has("registry", "");
        assertThat(node.run(install).output())
                .as("without another one")
                .startsWith(
                        "ERROR CsvBackupAgent.Install,Install-CsvBackupAgent.ps1: No 64-bit Java 17 or newer that only")
                .contains(changedBy("BUILTIN\\Users", "NODE/tools/jdk"))
                .hasLineCount(1);
    }

    /** The Java of another folder that a program on the PATH starts. */
    @Test
    void theFolderThatAJavaNamesIsCheckedToo() throws Exception {
        Path java = unsafe();
        node.permission(java, "Allow|S-1-5-32-545|BUILTIN\\Users|0x1301BF|None");
        node.java(
                "found",
                "    java.specification.version = 21\n    sun.arch.data.model = 64\n    java.home = " + java + "\n");

        node.assertRefused("-JavaHome 'NODE/found'", changedBy("BUILTIN\\Users", "NODE/tools/jdk") + REMEDY);
        assertThat(java.resolve("was-run")).doesNotExist();
    }

    /** Whoever made the link could change it after the check. */
    @Test
    void aLinkIsNotKept() throws Exception {
        Files.createSymbolicLink(Files.createDirectories(node.path("links")).resolve("jdk"), Path.of("../tools/jdk"));
        Files.createSymbolicLink(node.path("current"), node.path("links/jdk"));
        Path java = unsafe();

        assertThat(node.install("-WhatIf -JavaHome 'NODE/current'").output())
                .contains("service install --java=NODE/tools/jdk");
        node.permission(node.path("tools"), "owner|S-1-5-21-1-2-3-1001|EXAMPLE\\eve");
        Files.delete(java.resolve("was-run"));
        node.assertRefused("-JavaHome 'NODE/current'", changedBy("EXAMPLE\\eve", "NODE/tools") + REMEDY);
        assertThat(java.resolve("was-run")).doesNotExist();
    }

    /** Anyone who may create folders can make one, and Get-Acl shows the permissions of the volume. */
    @Test
    void aLinkToAVolumeIsRefused() throws Exception {
        Path java = unsafe();
        for (String start : List.of("", "\\\\?\\", "\\??\\")) {
            PowerShell.Ended ended =
                    node.run("""
                    function Get-Item {
                        [CmdletBinding()] param([string] $LiteralPath, [switch] $Force)
                        if ($LiteralPath -eq 'NODE/tools') { return [pscustomobject] @{ LinkType = 'Junction'; Target = 'VOLUME' } }
                        Microsoft.PowerShell.Management\\Get-Item @PSBoundParameters
                    }
                    & 'NODE/release/scripts/Install-CsvBackupAgent.ps1' -WhatIf -JavaHome 'NODE/tools/jdk'
                    """.replace("VOLUME", start + "Volume{0f8fad5b-d9cb-469f-a165-70867728950e}\\"));

            assertThat(ended.output())
                    .contains(PROGRAM
                            + " cannot be found out: NODE/tools is a link to a volume. Name the path by the drive of that volume"
                            + REMEDY)
                    .hasLineCount(1);
            assertThat(java.resolve("was-run")).doesNotExist();
        }
    }

    /** Its javapath has only a program that starts another Java. */
    @Test
    void aProgramOnThePathThatIsNotInAFolderBinIsSkipped() throws Exception {
        Path program = Files.createDirectories(node.path("oracle/javapath")).resolve("java.exe");
        Files.copy(node.path("jdk-17/bin/java.exe"), program);
        String install = "& 'NODE/release/scripts/Install-CsvBackupAgent.ps1' -WhatIf";

        assertThat(node.run("$env:PATH = 'NODE/oracle/javapath:' + $env:PATH\n" + install)
                        .output())
                .startsWith("ERROR ")
                .doesNotContain("Found: ", "NODE/bin");
        assertThat(node.run("$env:PATH = 'NODE/oracle/javapath:NODE/jdk-17/bin:' + $env:PATH\n" + install)
                        .output())
                .contains("service install --java=NODE/jdk-17");
    }

    /** They could load any code into the Java that runs as an administrator. */
    @Test
    void optionsFromTheEnvironmentDoNotReachTheJava() throws Exception {
        PowerShell.Ended ended = node.run("""
                foreach ($name in 'JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS') { Set-Item -Path "Env:$name" -Value '-XX:NoSuchOption' }
                & 'NODE/release/scripts/Install-CsvBackupAgent.ps1' -JavaHome 'NODE/jdk-17' -WhatIf
                "$env:JAVA_TOOL_OPTIONS $env:JDK_JAVA_OPTIONS $env:_JAVA_OPTIONS"
                """);

        assertThat(ended.output())
                .contains("copy version 0.1.0")
                .endsWith("-XX:NoSuchOption -XX:NoSuchOption -XX:NoSuchOption");
    }
}
