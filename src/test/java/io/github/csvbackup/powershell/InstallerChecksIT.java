package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the installer checks before it changes anything: each obstacle is one line. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class InstallerChecksIT {
    @TempDir
    Path folder;

    private PlayedNode node;

    @BeforeEach
    void aNode() throws IOException {
        node = PlayedNode.in(folder.resolve("node"));
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
    }

    private void assertRefused(String arguments, String... line) throws Exception {
        PowerShell.Ended ended = node.install(arguments);
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output())
                .startsWith("ERROR CsvBackupAgent.Install,Install-CsvBackupAgent.ps1: ")
                .hasLineCount(1)
                .contains(line);
        assertThat(node.calls()).isEmpty();
        assertThat(node.path("Program Files")).isEmptyDirectory();
    }

    @Test
    void aJavaThatCannotBeUsedIsNamed() throws Exception {
        node.java("jdk-11", "    java.specification.version = 11\n    sun.arch.data.model = 64\n");
        node.java("jre-8", "    java.specification.version = 1.8\n    sun.arch.data.model = 32\n");
        node.java("x86", "    java.specification.version = 21\n    sun.arch.data.model = 32\n");
        node.java("broken", "Error: could not find jvm.dll\n");
        String needs = ". The agent needs a 64-bit Java 17 or newer.";

        assertRefused(
                "-JavaHome 'NODE/nowhere'",
                "-JavaHome cannot be used: NODE/nowhere/bin/java.exe does not exist" + needs);
        assertRefused("-JavaHome 'NODE/jdk-11'", "NODE/jdk-11 is Java 11" + needs);
        assertRefused("-JavaHome 'NODE/jre-8'", "NODE/jre-8 is Java 8" + needs);
        assertRefused("-JavaHome 'NODE/x86'", "NODE/x86 is a 32-bit Java 21" + needs);
        assertRefused("-JavaHome 'NODE/broken'", "does not run: Error: could not find jvm.dll" + needs);
        PowerShell.Ended none =
                node.run("$env:JAVA_HOME = 'NODE/jdk-11'\n& 'NODE/release/scripts/Install-CsvBackupAgent.ps1'");
        assertThat(none.output())
                .endsWith(
                        "No 64-bit Java 17 or newer was found in JAVA_HOME, the registry and the PATH. Found: NODE/jdk-11 is Java"
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

    @Test
    void eachObstacleIsOneLineAndNothingIsDone() throws Exception {
        node.program("whoami.exe", "/groups /fo csv /nh", "\"Mandatory Label\",\"Label\",\"S-1-16-8192\",\"\"");
        assertRefused("", "Run this in a PowerShell that was started as administrator.");
        node.program("whoami.exe", "/groups /fo csv /nh", "\"Mandatory Label\",\"Label\",\"S-1-16-16384\",\"\"");

        node.has("service", "C:\\Other\\other.exe -jar x.jar -service");
        assertRefused("", "There is a service CsvBackupAgent that is not this agent: it runs C:\\Other\\other.exe");
        String quoted =
                "\"C:\\Java\\bin\\java.exe\" -Xrs -jar C:\\a.jar service run \"--a=C:\\My State\\\\\" \"--b=x \\\"y\"";
        node.has("service", quoted);
        String sentence = "The command line of the service contains \\\", which this script does not keep as it is: "
                + quoted + " Run 'service install' of the jar by hand, which replaces all options, and try again.";
        assertRefused("", sentence);
        assertThat(node.uninstall("").output()).endsWith(sentence).hasLineCount(1);
        assertThat(node.path("service")).hasContent(quoted);
        Files.delete(node.path("service"));

        node.excludedPorts("      " + (node.port() - 1) + "      " + (node.port() + 98) + "");
        assertRefused("", "Windows has reserved the ports " + (node.port() - 1) + " to " + (node.port() + 98));
        node.excludedPorts("      1      65535     *");

        try (var taken = new ServerSocket(node.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            assertRefused("", "The port " + node.port() + " is taken by another program (process ");
        }
        assertRefused("-AgentOption 'port=0'", "port=0 cannot be used for a service");
        assertRefused("-AgentOption 'poll interval'", "-AgentOption 'poll interval' is not of the form name=value");
        assertRefused("-AgentOption 'PORT', 'users=\"x\"'", "contains a quotation mark or a percent sign");
        assertRefused("-JavaOption '-Dx=\"y\"'", "-JavaOption '-Dx=\"y\"' contains a quotation mark");
        assertRefused("-Path 'NODE/jdk-17'", "NODE/jdk-17 does not contain csv-backup-agent.jar. Use -Path");

        Files.createDirectories(node.path("ProgramData/csv-backup-agent"));
        node.has("owner", "S-1-5-21-1-2-3-1001|EXAMPLE\\eve");
        assertRefused("", "csv-backup-agent belongs to EXAMPLE\\eve, and the agent does not trust it. Rename it");
        Files.delete(node.path("owner"));

        Path huge = node.path("jdk-17").resolve("huge");
        try (var file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(1L << 43);
        }
        assertRefused("-CopyJava", "MB left, and ", "MB are needed. Make room.");
        Files.delete(huge);

        node.release("This is not a jar.\n".getBytes(StandardCharsets.US_ASCII));
        assertRefused("", "csv-backup-agent.jar is not a jar of the CSV backup agent: it says 'This is not a jar.'");
    }
}
