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
import java.util.Locale;
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
                "id of " + path,
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
                "C:\\ClusterStorage\\Volume1\\VM~1\\disk~1.vhd",
                "C:\\ClusterStorage\\Volume1\\ends with. \\dots...",
                "\\\\?\\Volume{00000000-0000-0000-0000-000000000001}\\VM~1\\x",
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
    @ValueSource(strings = {"C:\\ClusterStorage\\SQL~1", "C:\\ClusterStorage\\Data.", "C:\\Cluster~1\\Data "})
    void namesThatTheClusterListsAreTakenAsTheyAre(String path) {
        List<Volume> odd = List.of(volume(path), volume("C:\\ClusterStorage\\Data"), volume("C:\\Cluster~1\\Data"));

        for (String each :
                List.of(path, path.toLowerCase(Locale.ROOT) + "\\", path + "\\vm~1\\x.", "\"" + path + "\"")) {
            assertThat(VolumePath.parse(each, odd).on(odd)).as(each).contains(odd.get(0));
        }
        assertThat(VolumePath.parse("C:\\ClusterStorage\\Data", odd).on(odd)).contains(odd.get(1));
    }

    /** A short name, or one that Windows trims, may belong to another volume. */
    @ParameterizedTest
    @ValueSource(strings = {"D:\\Shared\\DATENA~1\\x", "D:\\Shared\\Daten Ablage.\\x", "D:\\Shared\\Daten Ablage \\x"})
    void oddNamesAreRefusedWhereAVolumeIsMountedBelowAnother(String path) {
        List<Volume> nested = List.of(volume("D:\\Shared"), volume("D:\\Shared\\Daten Ablage"));

        assertThatThrownBy(() -> VolumePath.parse(path, nested))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("GUID name");
        assertThat(VolumePath.parse("D:\\Shared\\Daten Ablage\\VM~1", nested).on(nested))
                .contains(nested.get(1));
    }

    @Test
    void aPathThatSeveralVolumesHaveIsRefusedAndNamesThem() {
        List<Volume> same = List.of(disk(1, "C:\\Vol\\a"), disk(7, "C:\\Vol\\a"), disk(8, "C:\\Vol\\b"));

        for (String path : List.of("C:\\Vol\\a", "c:\\vol\\A\\x.vhdx")) {
            assertThatThrownBy(() -> VolumePath.parse(path, same).on(same))
                    .isInstanceOf(AmbiguousPathException.class)
                    .hasMessage("\"C:\\Vol\\a\" is the name of 2 volumes, " + StubCluster.guid(1)
                            + " on Cluster Disk 1 and " + StubCluster.guid(7)
                            + " on Cluster Disk 7: use the GUID name of the one that you mean.");
        }
        assertThat(VolumePath.parse(StubCluster.guid(7), same).on(same)).contains(same.get(1));
        assertThat(VolumePath.parse("C:\\Vol\\b", same).on(same)).contains(same.get(2));
    }

    @Test
    void aGuidNameOfTwoDisksIsRefused() {
        List<Volume> clones = List.of(disk(1, "C:\\Vol\\a"), onDisk(2, disk(1, "C:\\Vol\\b")));

        assertThatThrownBy(() -> VolumePath.parse(StubCluster.guid(1), clones).on(clones))
                .isInstanceOf(AmbiguousPathException.class)
                .hasMessageEndingWith("on Cluster Disk 1 and " + StubCluster.guid(1)
                        + " on Cluster Disk 2: no name identifies only one of them; give them different names.");
        assertThat(VolumePath.parse("C:\\Vol\\b", clones).on(clones)).contains(clones.get(1));
    }

    @Test
    void aVolumeThatIsListedTwiceIsOne() {
        List<Volume> twice = List.of(disk(1, "C:\\Vol\\a"), disk(1, "C:\\Vol\\a"));

        assertThat(VolumePath.parse("C:\\Vol\\a", twice).on(twice)).contains(twice.get(0));
    }

    @Test
    void aVolumeWithoutNamesIsNeverMeant() {
        Volume nameless =
                new Volume("id", "Disk", "NODE1", ResourceState.ONLINE, "", "", FaultState.NO_FAULTS, BackupState.NONE);

        for (String path : List.of("C:\\Vol", StubCluster.guid(9))) {
            assertThat(VolumePath.parse(path, List.of(nameless)).on(List.of(nameless)))
                    .isEmpty();
        }
    }

    @Test
    void theFunctionGetsANameThatMeansNoNeighbour() {
        List<Volume> all = List.of(
                disk(1, "C:\\Vol\\a"),
                disk(2, "C:\\Vol\\a"),
                disk(3, "C:\\Vol\\B"),
                disk(4, "C:\\Vol\\b"),
                disk(5, "C:\\Vol\\c."),
                disk(6, "C:\\Vol\\c"),
                disk(7, "C:\\Vol \\d"),
                disk(8, "C:\\Vol\\SQL~1"),
                disk(9, ""));

        assertThat(all.stream().map(each -> VolumePath.nativeRoot(each, all)))
                .containsExactly(
                        StubCluster.guid(1),
                        StubCluster.guid(2),
                        StubCluster.guid(3),
                        StubCluster.guid(4),
                        StubCluster.guid(5),
                        "C:\\Vol\\c\\",
                        StubCluster.guid(7),
                        "C:\\Vol\\SQL~1\\",
                        StubCluster.guid(9));
    }

    private static Volume disk(int n, String path) {
        return new Volume(
                "id-" + n,
                "Cluster Disk " + n,
                "NODE1",
                ResourceState.ONLINE,
                path,
                StubCluster.guid(n),
                FaultState.NO_FAULTS,
                BackupState.NONE);
    }

    /** The same volume on a clone of its disk. */
    private static Volume onDisk(int n, Volume volume) {
        return new Volume(
                "id-" + n,
                "Cluster Disk " + n,
                volume.ownerNode(),
                volume.resourceState(),
                volume.friendlyPath(),
                volume.guidName(),
                volume.faultState(),
                volume.backupState());
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
                "C:\\ClusterStorage\\Volume10\\..\\Volume1|The path contains \"..\"; remove it.",
                "C:\\ClusterStorage\\.\\Volume1|The path contains \".\"; remove it.",
                "\\\\server\\share\\Volume1|The path is a network (UNC) or device path; only local paths are allowed.",
                "\\\\.\\C:\\ClusterStorage\\Volume1|The path is a network (UNC) or device path; only local paths are allowed.",
                "\\\\?\\UNC\\server\\share|The path is not a local path.",
                "\\\\?\\GLOBALROOT\\Device|The path is not a local path.",
                "C:\\ClusterStorage\\Volume1\\a:stream|The path names a stream (\":\"); streams are not allowed.",
                "C:\\CLUSTE~1\\Volume1|The path contains the short (8.3) name \"CLUSTE~1\", which may stand for several folders; use the long name or the volume's GUID name.",
                "C:\\ClusterStorage\\VOLUME~1.0\\vm|The path contains the short (8.3) name \"VOLUME~1.0\", which may stand for several folders; use the long name or the volume's GUID name.",
                "C:\\ClusterStorage\\Volume1\\..\\Volume10|The path contains \"..\"; remove it.",
                "C:\\ClusterStorage\\Volume1\\.. \\Volume10|The path contains a name that ends with a dot or a space (\".. \"), which Windows changes to another name; use the volume's GUID name.",
                "C:\\ClusterStorage\\Volume1\\ \\x|The path contains a name that ends with a dot or a space (\" \"), which Windows changes to another name; use the volume's GUID name.",
                "C:\\ClusterStorage\\Volume1.|The path contains a name that ends with a dot or a space (\"VOLUME1.\"), which Windows changes to another name; use the volume's GUID name."
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
