package io.github.csvbackup.clear;

import static io.github.csvbackup.cluster.StubCluster.VOLUME1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.BackupState;
import io.github.csvbackup.cluster.FaultState;
import io.github.csvbackup.cluster.ResourceState;
import io.github.csvbackup.cluster.StubCluster;
import io.github.csvbackup.cluster.Volume;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VolumePathTest {
    private static final String EXAMPLE =
            " Give a path on a Cluster Shared Volume, such as C:\\ClusterStorage\\Volume1.";

    private final List<Volume> volumes = new ArrayList<>(new StubCluster().volumes.values());

    private static Volume volume(String path) {
        return new Volume(
                "id",
                "Disk",
                "NODE1",
                ResourceState.ONLINE,
                path,
                StubCluster.guid(77),
                FaultState.NO_FAULTS,
                BackupState.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C:\\ClusterStorage\\Volume1",
                "C:\\ClusterStorage\\Volume1\\",
                "c:\\clusterstorage\\VOLUME1",
                "C:/ClusterStorage/Volume1/",
                "\"C:\\ClusterStorage\\Volume1\"",
                "'C:\\ClusterStorage\\Volume1\\'",
                "  C:\\ClusterStorage\\Volume1  ",
                "\\\\?\\C:\\ClusterStorage\\Volume1",
                "C:\\ClusterStorage\\Volume1\\vm\\disk 1.vhdx",
                "C:\\ClusterStorage\\Volume1\\a~b\\file~10long.vhdx",
                "\\\\?\\Volume{00000000-0000-0000-0000-000000000001}\\",
                "\\\\?\\Volume{00000000-0000-0000-0000-000000000001}",
                "\\\\?\\volume{00000000-0000-0000-0000-000000000001}\\vm\\a.vhdx"
            })
    void findsTheVolume(String path) {
        assertThat(VolumePath.parse(path, volumes).on(volumes))
                .map(Volume::friendlyPath)
                .contains(VOLUME1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C:\\ClusterStorage\\Volume",
                "C:\\ClusterStorage\\Volume12",
                "C:\\ClusterStorage\\Volume1x\\a",
                "D:\\ClusterStorage\\Volume1",
                "C:\\ClusterStorage",
                "C:\\",
                "\\\\?\\Volume{00000000-0000-0000-0000-000000000009}\\"
            })
    void neverLandsOnANeighbour(String path) {
        assertThat(VolumePath.parse(path, volumes).on(volumes)).isEmpty();
    }

    @Test
    void takesTheVolumeOfTheLongerName() {
        assertThat(VolumePath.parse("C:\\ClusterStorage\\Volume10\\x", volumes).on(volumes))
                .map(Volume::friendlyPath)
                .contains(StubCluster.VOLUME10);
    }

    @Test
    void rootsMayLieAnywhere() {
        List<Volume> elsewhere =
                List.of(volume("D:\\Shared Volumes\\Daten \u00e4\u00f6"), volume("D:\\Shared Volumes"));

        assertThat(VolumePath.parse("d:\\shared volumes\\DATEN \u00c4\u00d6\\x", elsewhere)
                        .on(elsewhere))
                .contains(elsewhere.get(0));
    }

    @Test
    void charactersAreComparedOneByOne() {
        List<Volume> streets = List.of(volume("C:\\Vol\\Stra\u00dfe"), volume("C:\\Vol\\\u0131"));

        assertThat(VolumePath.parse("C:\\Vol\\Strasse", streets).on(streets)).isEmpty();
        assertThat(VolumePath.parse("C:\\Vol\\I", streets).on(streets)).isEmpty();
        assertThat(VolumePath.parse("c:\\vol\\stra\u00dfe\\x", streets).on(streets))
                .contains(streets.get(0));
    }

    @Test
    void ofNamesThatDifferOnlyInCaseTheOneThatIsSpeltSoIsMeant() {
        List<Volume> twins = List.of(volume("C:\\Vol\\a"), volume("C:\\Vol\\A"));

        assertThat(VolumePath.parse("C:\\Vol\\A\\x", twins).on(twins)).contains(twins.get(1));
        assertThatThrownBy(() -> VolumePath.parse("c:\\vol\\A\\x", twins).on(twins))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The path may mean several volumes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|The path is empty.",
                "'   '|The path is empty.",
                "Volume1|The path is relative; only absolute paths are allowed.",
                "\\ClusterStorage\\Volume1|The path is relative; only absolute paths are allowed.",
                "C:Volume1|The path is relative; only absolute paths are allowed.",
                "C:\\ClusterStorage\\Volume10\\..\\Volume1|The path contains \"..\"; write it without.",
                "C:\\ClusterStorage\\.\\Volume1|The path contains \".\"; write it without.",
                "\\\\server\\share\\Volume1|The path is a network (UNC) or device path; only local paths are allowed.",
                "\\\\.\\C:\\ClusterStorage\\Volume1|The path is a network (UNC) or device path; only local paths are allowed.",
                "\\\\?\\UNC\\server\\share|The path is no local path.",
                "\\\\?\\GLOBALROOT\\Device|The path is no local path.",
                "C:\\ClusterStorage\\Volume1\\a:stream|The path names a stream (\":\"); streams are not allowed.",
                "C:\\CLUSTE~1\\Volume1|The path contains the short (8.3) name \"CLUSTE~1\", which does not say which folder it means; write the long name.",
                "C:\\ClusterStorage\\Volume1\\vm~1.vhd|The path contains the short (8.3) name \"VM~1.VHD\", which does not say which folder it means; write the long name.",
                "C:\\ClusterStorage\\Volume1.|The path contains a name that ends with a dot or a space (\"VOLUME1.\"), which Windows reads as another name."
            })
    void rejectsWithTheReason(String path, String reason) {
        assertThatThrownBy(() -> VolumePath.parse(path, volumes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(reason + EXAMPLE);
    }

    @Test
    void rejectsNulAndOverlongPaths() {
        assertThatThrownBy(() -> VolumePath.parse("C:\\ClusterStorage\\Volume1\0x", volumes))
                .hasMessage("The path contains a NUL character." + EXAMPLE);
        assertThatThrownBy(() -> VolumePath.parse("C:\\" + "a".repeat(40_000), volumes))
                .hasMessage("The path has 40003 characters; Windows allows at most 32767." + EXAMPLE);
    }
}
