package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.ClusterException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowsClusterTest {
    private static WindowsCluster open(String os, String arch, String version) throws ClusterException {
        Map<String, String> properties = Map.of("os.name", os, "os.arch", arch, "os.version", version);
        return WindowsCluster.open(name -> properties.getOrDefault(name, ""), Duration.ofSeconds(5));
    }

    @Test
    void saysWhyItCannotRunElsewhere() {
        assertThatThrownBy(() -> open("Linux", "amd64", "6.1"))
                .hasMessage("backend=windows needs a node of a Windows failover cluster, but this is Linux");
        assertThatThrownBy(() -> open("Windows Server 2019", "x86", "10.0")).hasMessageContaining("32-bit Java");
    }

    @ParameterizedTest
    @CsvSource({"6.1, DOCUMENTED", "6.2, UNVERIFIED", "6.3, UNVERIFIED", "10.0, UNVERIFIED"})
    void knowsTheStateOnlyFromTheVersionThatIsDocumented(String version, BackupStateSupport expected) throws Exception {
        assertThat(open("Windows Server", "amd64", version).backupStateSupport())
                .isEqualTo(expected);
    }
}
