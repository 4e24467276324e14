package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.PackagedAgent;
import io.github.csvbackup.files.PrivateFile;
import io.github.csvbackup.http.Certificate;
import io.github.csvbackup.security.PasswordHash;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a packaged agent with default rights lets a user do who is only a reader, and an operator who wants to override the guard. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellRightsIT {
    /** {@code $bob} is a reader. No machine trusts the certificate of the test. */
    private static String reader() {
        return """
            $password = ConvertTo-SecureString -String 'a long password' -AsPlainText -Force
            $bob = New-CsvBackupConnection -Uri 'REMOTE' -SkipCertificateCheck -Credential (New-Object -TypeName pscredential -ArgumentList 'bob', $password)
            """.replace("REMOTE", agent.remoteUrl().toString());
    }

    @TempDir
    static Path folder;

    private static PackagedAgent agent;
    private static PowerShell pwsh;

    @BeforeAll
    static void start() throws Exception {
        PasswordHash hash = PasswordHash.of("a long password".toCharArray());
        Path users = PrivateFile.write(folder.resolve("users"), "bob reader " + hash + "\n");
        Path keystore = Certificate.make(folder.resolve("agent.pfx"), "agent", "127.0.0.1");
        agent = PackagedAgent.withShortTimes(
                folder.resolve("agent"),
                "--remote-host=127.0.0.1",
                "--remote-port=0",
                "--users=" + users,
                "--tls-keystore=" + keystore,
                "--tls-password-file=" + PrivateFile.write(folder.resolve("password"), Certificate.PASSWORD));
        pwsh = PowerShell.with(folder, agent);
    }

    @AfterAll
    static void stop() throws Exception {
        if (agent != null) {
            agent.close();
        }
    }

    @Test
    void aReaderWhoAsksAgainGetsTheEarlierListWithItsAgeAndItsNodes() throws Exception {
        assertThat(pwsh.run(reader() + """
                        # The other test leaves a state behind.
                        $PSDefaultParameterValues['Get-CsvShadowCopy:Confirm'] = $false
                        Get-CsvShadowCopy Volume1 -Connection $bob
                        $asked = Get-ShadowCopyQuery
                        Invoke-Simulation setNodeState NODE3 DOWN
                        $null = Invoke-Bean -Bean CsvBackupState -Request @{ type = 'exec'; operation = 'refresh' }
                        do { $note = [string] (Get-CsvShadowCopy Volume2 -Connection $bob 6>&1) } until ($note -like '* ago.')
                        $note -replace '\\d+ s', 'N s'
                        $unasked = Get-ShadowCopyQuery
                        @($asked.Keys | Where-Object { $asked[$_] -ne $unasked[$_] }).Count
                        # An operator asks now. NODE3 is down: it is not asked, although its last list is known.
                        Get-CsvShadowCopy Volume1
                        Invoke-Simulation addShadowCopy $one NODE1 $true
                        $null = Get-CsvShadowCopy Volume1
                        do { $copy = Get-CsvShadowCopy Volume1 -Connection $bob } until ($copy.Listed -lt (Get-Date).AddSeconds(-1))
                        $copy.Node
                        """)).isEqualToIgnoringNewLines("""
                        C:\\ClusterStorage\\Volume1: asked 3 nodes, none.
                        C:\\ClusterStorage\\Volume2: asked 3 nodes, none, N s ago.
                        0
                        C:\\ClusterStorage\\Volume1: asked 2 nodes, none.
                        NODE1
                        """);
    }

    @Test
    void anOverrideThatTheAgentDoesNotAllowIsRefusedWithoutAQuestion() throws Exception {
        PowerShell.Ended ended = pwsh.start(reader() + """
                        Invoke-Simulation startBackup $three NODE1
                        Invoke-Simulation killBackup $three
                        $null = Invoke-Bean -Bean CsvBackupState -Request @{ type = 'exec'; operation = 'refresh' }
                        $result = Clear-CsvBackupState $three -OverrideGuard -Reason 'vendor case 4711' -ErrorAction SilentlyContinue
                        $result.Outcome
                        $result.Message -replace '(UNPROVEN|RECENT|ACTIVE).*(To override)', 'VERDICT $2'
                        @(Get-CsvBackupAudit -Last 100 | Where-Object Kind -EQ refused).Count
                        # Without a question the agent decides.
                        $result = Clear-CsvBackupState $three -OverrideGuard -Reason 'vendor case 4711' -Confirm:$false -ErrorAction SilentlyContinue
                        $result.Outcome, $result.Message -join ' '
                        # A reader may know that, too.
                        $result = Clear-CsvBackupState $three -Connection $bob -OverrideGuard -Reason 'vendor case 4711' -ErrorAction SilentlyContinue
                        $result.Message -like '*its option allow-force is false*'
                        """, "");
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output()).isEqualToIgnoringNewLines("""
                        REFUSED
                        Refused: the agent on NODE1 does not allow -OverrideGuard, because its option allow-force is false. VERDICT To override the guard, an administrator must set allow-force=true and restart that agent.
                        0
                        REFUSED forceClear is switched off. Only an administrator can allow it: set allow-force=true and restart the agent.
                        True
                        """);
    }
}
