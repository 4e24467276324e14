package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The child process, with shell scripts in place of PowerShell. */
@Tag("jdk-independent")
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class ShadowCopyQueryTest {
    @TempDir
    Path systemDirectory;

    private ShadowCopyQuery query(String shellScript) throws IOException {
        return new ShadowCopyQuery(FakePowerShell.in(systemDirectory, shellScript));
    }

    @Test
    void readsWhatTheChildPrints() throws Exception {
        assertThat(query("echo vss=Running; echo end=0 0").list(null))
                .isEqualTo(
                        new ShadowCopies(List.of(), new ServiceStatus(ServiceStatus.RUNNING, null, null), List.of()));
    }

    @Test
    void theChildGetsNoInputAndNoModulePath() throws Exception {
        assertThatThrownBy(() ->
                        query("cat; echo \"error=[$PSModulePath]\"; exit 3").list(null))
                .hasMessage("this node did not list its shadow copies: []");
    }

    @Test
    void whatPowerShellSaysKeepsItsLetters() throws Exception {
        assertThatThrownBy(() -> query("printf '%s\\n' 'error=Zugriff verweigert: \\u00fc'; exit 3")
                        .list("NODE2"))
                .hasMessage("NODE2 did not list its shadow copies: Zugriff verweigert: \u00fc");
        assertThatThrownBy(() -> query("printf '%s\\n' 'error=C:\\x'; exit 3").list("NODE2"))
                .as("an escape that the script does not write")
                .hasMessage("NODE2 did not list its shadow copies: C:\\x");
    }

    @ParameterizedTest
    @CsvSource({
        "hresult=-2147024891, 5",
        "wmi=AccessDenied, 5",
        "hresult=-2147023174,",
        "wmi=InvalidNamespace,",
        "error=hresult=-2147024891,",
        "hresult=,"
    })
    void aDeniedAccessHasTheCodeOfWindows(String line, @Nullable Integer code) {
        assertThatThrownBy(() ->
                        query("echo error=it failed; echo " + line + "; exit 3").list("NODE2"))
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    @Test
    void aChildThatHangsIsKilledWithItsChildren() throws Exception {
        Path pids = systemDirectory.resolve("pids");
        ShadowCopyQuery query = query("sleep 1000 &\necho $! $$ > " + pids + "\nwait");

        assertThatThrownBy(() -> query.list("NODE2"))
                .hasMessage("PowerShell did not list the shadow copies within 5 s and was killed");

        for (String pid : Files.readString(pids).strip().split(" ", -1)) {
            ProcessHandle.of(Long.parseLong(pid))
                    .ifPresent(process -> process.onExit().join());
        }
    }

    @Test
    void aChildThatPrintsWithoutEndIsStopped() throws Exception {
        assertThatThrownBy(() -> query("yes").list(null))
                .hasMessage("the list of shadow copies is longer than 4194304 bytes");
    }

    @Test
    void aMissingPowerShellIsSaid() {
        WindowsPowerShell none = new WindowsPowerShell(systemDirectory.resolve("none"), Duration.ofSeconds(2));

        assertThatThrownBy(() -> new ShadowCopyQuery(none).list(null))
                .isInstanceOfSatisfying(
                        ClusterException.class, e -> assertThat(e.remedy()).contains("vssadmin list shadows"))
                .hasMessageStartingWith("Windows PowerShell could not be started at " + none.path());
    }

    @Test
    void aNameThatCouldEndItsTextIsNotHandedOn() throws Exception {
        Path ran = systemDirectory.resolve("ran");
        ShadowCopyQuery query = query("touch " + ran + "; echo vss=Stopped; echo end=0 0");

        for (String name : new String[] {"x'; exit", "", "a b", "\u2019"}) {
            assertThatThrownBy(() -> query.list(name)).hasMessageContaining("cannot be passed to PowerShell");
        }
        assertThat(ran).doesNotExist();
        assertThat(ShadowCopyQuery.script("KNOTEN-\u00c4")).contains(" -ComputerName 'KNOTEN-\u00c4'");
    }
}
