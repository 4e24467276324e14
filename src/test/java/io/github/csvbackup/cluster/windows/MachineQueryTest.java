package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.ClusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

/** The question for virtual machines, with shell scripts in place of PowerShell. */
@Tag("jdk-independent")
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class MachineQueryTest {
    @TempDir
    Path systemDirectory;

    private MachineQuery query(String shellScript) throws IOException {
        return new MachineQuery(FakePowerShell.in(systemDirectory, shellScript));
    }

    @Test
    void readsWhatTheChildPrints() throws Exception {
        Path answer = Files.writeString(
                systemDirectory.resolve("answer"),
                new MachineAnswer().system(MachineAnswer.NODE, "", "2").text());

        assertThat(query("echo hyperv=none.").list()).isEmpty();
        assertThat(query("cat " + answer).list()).hasValue(List.of());
    }

    @ParameterizedTest
    @CsvSource({"hresult=-2147024891, 5", "wmi=AccessDenied, 5", "wmi=InvalidClass,", "hresult=,"})
    void aFailureKeepsItsTextInAnyLanguageAndADeniedAccessItsCode(String line, @Nullable Integer code) {
        assertThatThrownBy(() -> query("printf '%s\\n' 'error=Zugriff verweigert: \\u00fc' " + line + "; exit 3")
                        .list())
                .hasMessage("this node did not list its virtual machines: Zugriff verweigert: \u00fc")
                .isInstanceOfSatisfying(ClusterException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.remedy()).contains("Hyper-V Administrators", "(vmms)");
                });
    }

    @Test
    void aChildThatHangsIsKilled() {
        assertThatThrownBy(() -> query("echo hyperv=v2.; exec sleep 1000").list())
                .hasMessage("PowerShell did not list the virtual machines within 5 s and was killed");
    }

    @Test
    void garbageIsAFailureAndNotANodeWithoutHyperV() {
        assertThatThrownBy(() -> query("echo hyperv=none").list())
                .hasMessage(
                        "the list of virtual machines of this node cannot be read: the line \"hyperv=none\" has no end");
        assertThatThrownBy(() -> query("exit 0").list()).hasMessageContaining("cannot be read: it does not begin with");
    }

    @Test
    void aChildThatPrintsWithoutEndIsStopped() {
        assertThatThrownBy(() -> query("yes").list())
                .hasMessage("the list of virtual machines is longer than 6291456 bytes");
    }

    @Test
    void theScriptFitsIntoACommandLineOfWindows() {
        assertThat(MachineQuery.script())
                .as("quotes that the command line would need to escape")
                .doesNotContain("\"");
        assertThat(MachineQuery.script().length()).isLessThan(8_000);
    }
}
