package io.github.csvbackup.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.OddNames;
import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeNames;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
    private static final String GUID = StubCluster.guid(1);
    private static final Commands LOCAL = new Commands(Scene.LOCAL);

    private static Volume volume(String path) {
        return new Volume(
                "id",
                "Cluster Disk 1",
                "NODE1",
                ResourceState.ONLINE,
                path,
                GUID,
                FaultState.NO_FAULTS,
                BackupState.IN_PROGRESS);
    }

    private static VolumeNames alone(Volume volume) {
        return VolumeNames.of(List.of(volume));
    }

    private static String test(Commands commands, String path) {
        Volume volume = volume(path);
        return commands.test(volume, alone(volume));
    }

    @Test
    void theUsualAddressIsTheDefaultOfTheModule() {
        assertThat(test(LOCAL, "C:\\ClusterStorage\\Volume1"))
                .isEqualTo("Test-CsvBackupState -VolumeName 'C:\\ClusterStorage\\Volume1'");
        assertThat(test(new Commands("http://localhost:8778/"), "D:\\CSV\\SQL data"))
                .isEqualTo("Test-CsvBackupState -VolumeName 'D:\\CSV\\SQL data'");
    }

    @Test
    void otherAddressesAreNamedAndThoseWithACertificateNeedAUser() {
        Volume volume = volume("C:\\ClusterStorage\\Volume1");
        Commands port = new Commands("http://127.0.0.1:9000/");
        Commands remote = new Commands("https://node1.example.com:8779/");

        assertThat(port.clear(volume, alone(volume)))
                .isEqualTo(
                        "Clear-CsvBackupState -VolumeName 'C:\\ClusterStorage\\Volume1' -Uri http://127.0.0.1:9000/");
        assertThat(remote.clear(volume, alone(volume)))
                .isEqualTo("Clear-CsvBackupState -VolumeName 'C:\\ClusterStorage\\Volume1'"
                        + " -Uri https://node1.example.com:8779/ -Credential NAME");
        assertThat(remote.clearAll())
                .isEqualTo("Get-CsvBackupState -Uri https://node1.example.com:8779/ -Credential NAME"
                        + " | Where-Object -Property Verdict -EQ -Value CLEARABLE | Clear-CsvBackupState");
        assertThat(remote.curlAssess(volume, alone(volume)))
                .startsWith("curl -u NAME -d \"{")
                .endsWith("}\" https://node1.example.com:8779/jolokia/");
    }

    @Test
    void curlNeedsThePasswordOnlyToClear() {
        Volume volume = volume("C:\\ClusterStorage\\Volume1");

        assertThat(LOCAL.curlAssess(volume, alone(volume)))
                .isEqualTo(
                        "curl -d \"{\\\"type\\\":\\\"exec\\\",\\\"mbean\\\":\\\"io.github.csvbackup:type=CsvBackupState\\\","
                                + "\\\"operation\\\":\\\"assess\\\",\\\"arguments\\\":[\\\"C:/ClusterStorage/Volume1\\\"]}\""
                                + " http://127.0.0.1:8778/jolokia/");
        assertThat(LOCAL.curlClear(volume, alone(volume)))
                .startsWith("curl -u operator -d ")
                .contains("\\\"operation\\\":\\\"clear\\\"");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "Ann's,'C:\\ClusterStorage\\Ann''s',Ann\\u0027s",
                "SQL [1],'C:\\ClusterStorage\\SQL [1]',SQL \\u005b1\\u005d",
                "100 % $x `y` !z,'C:\\ClusterStorage\\100 % $x `y` !z',100 \\u0025 \\u0024x \\u0060y\\u0060 \\u0021z",
                "\u65e5,'C:\\ClusterStorage\\\u65e5',\\u65e5",
            })
    void namesThatCanBeTypedAreQuotedForTheirShell(String name, String powerShell, String json) {
        Volume volume = volume("C:\\ClusterStorage\\" + name);

        assertThat(LOCAL.test(volume, alone(volume))).isEqualTo("Test-CsvBackupState -VolumeName " + powerShell);
        assertThat(LOCAL.curlAssess(volume, alone(volume))).contains("[\\\"C:/ClusterStorage/" + json + "\\\"]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at the end ",
                " before",
                "dot.",
                "two  spaces",
                "line\nfeed",
                "no\u00a0break",
                "\u202etxt.exe",
                "star *",
                "a/b",
                "a:b",
                "\u2019curly",
                "\"double\"",
                "half \ud800"
            })
    void otherNamesAreReplacedByTheGuidName(String name) {
        Volume volume = volume("C:\\ClusterStorage\\" + name);

        assertThat(LOCAL.test(volume, alone(volume))).isEqualTo("Test-CsvBackupState -VolumeName '" + GUID + "'");
        assertThat(LOCAL.curlAssess(volume, alone(volume)))
                .contains("[\\\"//?/Volume{00000000-0000-0000-0000-000000000001}/\\\"]");
    }

    @Test
    void aSharedPathIsReplacedByTheGuidName() {
        Volume one = volume("C:\\ClusterStorage\\Volume1");
        Volume twin = new Volume(
                "id-7",
                "Cluster Disk 7",
                "NODE1",
                ResourceState.ONLINE,
                one.friendlyPath(),
                StubCluster.guid(7),
                FaultState.NO_FAULTS,
                BackupState.NONE);

        assertThat(LOCAL.test(one, VolumeNames.of(List.of(one, twin))))
                .isEqualTo("Test-CsvBackupState -VolumeName '" + GUID + "'");
    }

    /** What cmd, bash and sh interpret between double quotes, or, for cmd, between two that are escaped. */
    @Test
    void noNameReachesAShellUnescaped() {
        for (String name : OddNames.all()) {
            Volume volume = volume(OddNames.path(name));
            String json = LOCAL.curlAssess(volume, alone(volume))
                    .replaceFirst(".*\\[", "")
                    .replaceFirst("].*", "");

            assertThat(json).matches("\\\\\"([A-Za-z0-9 ./:?_{}-]|\\\\u[0-9a-f]{4})+\\\\\"");
        }
    }
}
