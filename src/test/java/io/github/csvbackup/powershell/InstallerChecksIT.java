package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the installer checks before it changes anything: each obstacle is one line. */
class InstallerChecksIT extends WithPlayedNode {
    @Test
    void eachObstacleIsOneLineAndNothingIsDone() throws Exception {
        node.program("whoami.exe", "/groups /fo csv /nh", "\"Mandatory Label\",\"Label\",\"S-1-16-8192\",\"\"");
        node.assertRefused("", "Run this in a PowerShell that was started as administrator.");
        node.program("whoami.exe", "/groups /fo csv /nh", "\"Mandatory Label\",\"Label\",\"S-1-16-16384\",\"\"");

        node.has("service", "C:\\Other\\other.exe -jar x.jar -service");
        node.assertRefused(
                "", "There is a service CsvBackupAgent that is not this agent: it runs C:\\Other\\other.exe");
        String quoted =
                "\"C:\\Java\\bin\\java.exe\" -Xrs -jar C:\\a.jar service run \"--a=C:\\My State\\\\\" \"--b=x \\\"y\"";
        node.has("service", quoted);
        String sentence = "The command line of the service contains \\\", which this script does not keep as it is: "
                + quoted + " Run 'service install' of the jar by hand, which replaces all options, and try again.";
        node.assertRefused("", sentence);
        assertThat(node.uninstall("").output()).endsWith(sentence).hasLineCount(1);
        assertThat(node.path("service")).hasContent(quoted);
        Files.delete(node.path("service"));

        node.excludedPorts("      " + (node.port() - 1) + "      " + (node.port() + 98) + "");
        node.assertRefused("", "Windows has reserved the ports " + (node.port() - 1) + " to " + (node.port() + 98));
        String ipv6 = "      " + node.port() + "      " + node.port();
        String reserved = "Windows has reserved the ports " + node.port() + " to " + node.port();
        node.excludedPorts("", ipv6);
        node.assertRefused("-AgentOption 'PORT', 'host=::1'", reserved);
        node.assertRefused("-AgentOption 'PORT', 'host=localhost'", reserved);
        assertThat(node.install("-WhatIf").output()).startsWith("What if: ");
        node.excludedPorts(ipv6, "");
        node.assertRefused("-AgentOption 'host=off', 'remote-host=::', 'remote-port=" + node.port() + "'", reserved);
        assertThat(node.install("-AgentOption 'PORT', 'host=::1' -WhatIf").output())
                .startsWith("What if: ");
        node.excludedPorts("      1      65535     *");

        node.assertRefused("-AgentOption 'port=0'", "port=0 cannot be used for a service");
        node.assertRefused(
                "-AgentOption 'poll interval'", "-AgentOption 'poll interval' is not of the form name=value");
        node.assertRefused("-AgentOption 'PORT', 'users=\"x\"'", "contains a quotation mark or a percent sign");
        node.assertRefused("-JavaOption '-Dx=\"y\"'", "-JavaOption '-Dx=\"y\"' contains a quotation mark");
        node.assertRefused(
                "-JavaOption '-Dx=C:\\a b\\'",
                "-JavaOption '-Dx=C:\\a b\\' has a space and ends with a backslash: remove the backslash.");
        node.assertRefused("-Path 'NODE/jdk-17'", "NODE/jdk-17 does not contain csv-backup-agent.jar. Use -Path");

        Files.createDirectories(node.path("ProgramData/csv-backup-agent"));
        node.permission(node.path("ProgramData/csv-backup-agent"), "owner|S-1-5-21-1-2-3-1001|EXAMPLE\\eve");
        node.assertRefused("", "csv-backup-agent belongs to EXAMPLE\\eve, and the agent does not trust it. Rename it");
        Files.delete(node.path("acl"));

        Path huge = node.path("jdk-17").resolve("huge");
        try (var file = new RandomAccessFile(huge.toFile(), "rw")) {
            file.setLength(1L << 43);
        }
        node.assertRefused("-CopyJava", "MB left, and ", "MB are needed. Make room.");
        Files.delete(huge);

        node.release("This is not a jar.\n".getBytes(StandardCharsets.US_ASCII));
        node.assertRefused(
                "", "csv-backup-agent.jar is not a jar of the CSV backup agent: it says 'This is not a jar.'");
    }

    /** The disks of the programs and of the state directory are played. */
    @Test
    void eachDiskNeedsRoomForWhatItGets() throws Exception {
        PowerShell.Ended ended = node.run("""
                . 'NODE/release/scripts/Setup/Checks.ps1'
                function Get-Drive([string] $Path) { $Path.Substring(0, 3) }
                function Get-Size { 30MB }
                $played = @{ 'C:\\' = 129MB; 'D:\\' = 99MB }
                function Get-FreeSpace([string] $Drive) { $played[$Drive] }
                function Find-Room([string] $State) { try { Assert-Room -Folder 'C:\\Program Files' -Copied 'a' -StateDirectory $State; 'enough' } catch { $_.Exception.Message } }
                Find-Room -State 'C:\\state'
                Find-Room -State 'D:\\state'
                $played = @{ 'C:\\' = 30MB; 'D:\\' = 100MB }
                Find-Room -State 'D:\\state'
                """);

        assertThat(ended.output().lines())
                .containsExactly(
                        "C:\\ has 129 MB left, and 130 MB are needed. Make room.",
                        "D:\\ has 99 MB left, and 100 MB are needed. Make room.",
                        "enough");
    }

    /** The service manager keeps the spelling that services.msc was given. */
    @Test
    void theAccountOfTheServiceMayOwnTheStateDirectoryInAnySpelling() throws Exception {
        Files.createDirectories(node.path("ProgramData"));
        node.permission(node.path("ProgramData"), "owner|S-1-5-21-1-2-3-1001|EXAMPLE\\backup");

        PowerShell.Ended ended = node.run("""
                . 'NODE/release/scripts/Setup/Checks.ps1'
                function Get-AccountSid([string] $Name) { @{ 'backup@example.com' = 'S-1-5-21-1-2-3-1001'; 'other@example.com' = 'S-1-5-21-1-2-3-1002' }[$Name] }
                foreach ($account in 'backup@example.com', 'EXAMPLE\\backup', 'other@example.com', 'gone@example.com') {
                    try { Assert-StateDirectory -Path 'NODE/ProgramData' -Account $account; 'trusted' } catch { 'refused' }
                }
                """);

        assertThat(ended.output().lines()).containsExactly("trusted", "trusted", "refused", "refused");
    }

    @Test
    void aMachineThatDoesNotTrustTheScriptsIsTold() throws Exception {
        for (String script : List.of("Install", "Uninstall")) {
            PowerShell.Ended ended = node.run("""
                    $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
                    $runspace.Open()
                    $runspace.SessionStateProxy.LanguageMode = 'ConstrainedLanguage'
                    $shell = [powershell]::Create()
                    $shell.Runspace = $runspace
                    $shell.AddScript("try { & 'NODE/release/scripts/SCRIPT-CsvBackupAgent.ps1' } catch { ""`$(`$_.Exception.Message)"" }").Invoke()
                    """.replace("SCRIPT", script));

            assertThat(ended.output())
                    .isEqualTo(
                            "This script does not run in Constrained Language Mode. Sign the scripts, and let the policy of this machine allow the signer.");
        }
    }

    @Test
    void anOptionMayBeEmpty() throws Exception {
        assertThat(node.install("-AgentOption 'PORT', 'log-dir=' -WhatIf").output())
                .contains(" --log-dir=\"")
                .doesNotContain("ERROR");
    }

    /** The square brackets are wildcards of PowerShell. */
    @Test
    void theFolderOfTheReleaseMayHaveAnyName() throws Exception {
        Path release = node.path("rel[1] new");
        Files.move(node.path("release"), release);

        PowerShell.Ended ended =
                node.run("& 'NODE/rel[1] new/scripts/Install-CsvBackupAgent.ps1' -JavaHome 'NODE/jdk-17'"
                        + " -AgentOption 'port=" + node.port() + "', 'poll-interval=200ms' | Format-Table -AutoSize");

        PlayedNode.assertWorked(ended);
    }

    /** In Windows PowerShell 5.1 Get-Content reads a file in UTF-8 as ANSI, which is played here. */
    @Test
    void anOptionsFileIsReadAsUtf8() throws Exception {
        Path file = node.path("agent.properties");
        Files.writeString(file, "# ours\nport = 8779\nusers=C:\\Übung\\users\n");

        PowerShell.Ended ended = node.run("""
                function Get-Content([string] $LiteralPath) { Microsoft.PowerShell.Management\\Get-Content -LiteralPath $LiteralPath -Encoding Latin1 }
                . 'NODE/release/scripts/Setup/Service.ps1'
                Set-Location -LiteralPath 'NODE'
                $options = Read-AgentOption -Argument '--config=agent.properties', '--port=8780'
                $options['port']
                [int[]] $options['users'].ToCharArray()[3]
                Read-AgentOption -Argument '--config=NODE/missing'
                """);

        assertThat(ended.output())
                .startsWith("8780\n220\nERROR ")
                .endsWith(": The options file NODE/missing cannot be read: Could not find file 'NODE/missing'."
                        + " Restore it, or give all options with -AgentOption.");
    }

    private void listening(String address, long process) throws Exception {
        node.has(
                "listening",
                "  TCP    " + address + ":" + node.port() + "        0.0.0.0:0              ABHÖREN          " + process
                        + "\n");
    }

    private String portIsTaken(long process) {
        return "The port " + node.port() + " is taken by another program (process " + process + ", java). Stop it, or";
    }

    @Test
    void aPortOfAnotherProgramIsTaken() throws Exception {
        long self = ProcessHandle.current().pid();
        try (var taken = new ServerSocket(node.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            node.assertRefused(
                    "", "The port " + node.port() + " is taken by another program (its process is not known)");
            for (String address : List.of("127.0.0.1", "0.0.0.0", "[::]")) {
                listening(address, self);
                node.assertRefused("", portIsTaken(self));
            }
            listening("10.0.0.5", self);
            node.assertRefused(
                    "-AgentOption 'host=off', 'remote-host=0.0.0.0', 'remote-port=" + node.port() + "'",
                    portIsTaken(self));
            node.assertRefused("-AgentOption 'PORT', 'host=node1.example.com'", portIsTaken(self));
            assertThat(node.install("-WhatIf").output()).as("another address").startsWith("What if: ");
        }
    }

    /** Whatever its command line says: what counts is who listens. */
    @Test
    void thePortOfTheServiceThatRunsIsNotTaken() throws Exception {
        PlayedNode.assertWorked(node.install(""));
        node.calls();
        String commandLine = Files.readString(node.path("service"));
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            long self = ProcessHandle.current().pid();
            int taken = other.getLocalPort();
            // The service has been changed, but has not been restarted.
            node.has("service", commandLine.replace("--port=" + node.port(), "--port=" + taken));
            node.has("listening", "  TCP    127.0.0.1:" + taken + "  0.0.0.0:0  ABHÖREN  " + self + "\n");

            assertThat(node.install("-AgentOption 'port=" + taken + "'").output())
                    .endsWith("The port " + taken + " is taken by another program (process " + self
                            + ", java). Stop it, or choose another port with -AgentOption port=NUMBER.")
                    .hasLineCount(1);
            assertThat(node.calls()).isEmpty();
            PlayedNode.assertWorked(node.install("-Force"));
            assertThat(Files.readString(node.path("service"))).contains("--port=" + node.port());
        }
    }
}
