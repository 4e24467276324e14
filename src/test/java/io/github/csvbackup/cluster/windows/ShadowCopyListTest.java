package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.NodeVolume;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid and invalid output of PowerShell. */
class ShadowCopyListTest {
    private static final String STOPPED = "vss=Stopped\n";
    private static final String ONE = """
            copy
            id={3D0E9B26-3B9D-4AE1-8E33-8C9C3C6C6A01}
            set={51C3A2F4-12D1-45C1-9E14-5A2F1B0B7E02}
            provider={b5946137-7b9f-4925-af80-51abd60b20d5}
            volume=\\\\\\\\?\\\\Volume{5f0c9a10-0000-4000-8000-00000000c5f1}\\\\
            machine=node1.contoso.example
            persistent=True
            state=12
            created=20261125213000.250000-300
            """;
    private static final String SYSTEM_VOLUME = """
            own
            device=\\\\\\\\?\\\\Volume{5f0c9a10-0000-4000-a000-000000000001}\\\\
            drive=C:
            filesystem=NTFS
            """;

    @Test
    void readsRecordedRows() throws Exception {
        assertThat(ShadowCopyList.parse("vss=Stopped\r\nend=0 0\r\n"))
                .isEqualTo(
                        new ShadowCopies(List.of(), new ServiceStatus(ServiceStatus.STOPPED, null, null), List.of()));
        assertThat(ShadowCopyList.parse(
                                (STOPPED + ONE + ONE.replace("True", "False") + "end=2 0\n").replace("\n", "\r\n"))
                        .copies())
                .containsExactly(copy(true), copy(false));
        assertThat(ShadowCopyList.parse(STOPPED + ONE.replaceFirst("created=.*", "created=") + "end=1 0")
                        .copies()
                        .get(0)
                        .created())
                .isNull();
    }

    @Test
    void readsTheVolumesOfTheNode() throws Exception {
        String mounted = SYSTEM_VOLUME.replace("drive=C:", "drive=").replace("000001}", "000002}");

        assertThat(ShadowCopyList.parse(STOPPED + ONE + SYSTEM_VOLUME + mounted + "end=1 2\n")
                        .volumes())
                .containsExactly(
                        new NodeVolume("\\\\?\\Volume{5f0c9a10-0000-4000-a000-000000000001}\\", "C:", "NTFS"),
                        new NodeVolume("\\\\?\\Volume{5f0c9a10-0000-4000-a000-000000000002}\\", "", "NTFS"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\\\FS1\\share\\", "", "C:"})
    void aVolumeThatIsNotAGuidNameKeepsNoOtherCopyFromBeingRead(String volume) throws Exception {
        String odd = ONE.replaceFirst("volume=.*", "volume=" + Matcher.quoteReplacement(volume.replace("\\", "\\\\")));

        assertThat(ShadowCopyList.parse(STOPPED + odd + ONE + "end=2 0\n").copies())
                .extracting(ShadowCopy::volumeName)
                .containsExactly(volume, copy(true).volumeName());
    }

    @Test
    void readsEscapes() throws Exception {
        assertThat(ScriptText.unescape("KNOTEN-\\u00c4 \\\\u00c4 \\ud83d\\ude00"))
                .isEqualTo("KNOTEN-\u00c4 \\u00c4 \ud83d\ude00");
    }

    @Test
    void readsTheStateOfTheServiceAsWin32ServiceSaysIt() throws Exception {
        String[] states = {
            "Stopped", "Start Pending", "Stop Pending", "Running", "Continue Pending", "Pause Pending", "Paused"
        };
        for (int state = 1; state <= states.length; state++) {
            assertThat(ShadowCopyList.parse("vss=" + states[state - 1] + "\nend=0 0\n")
                            .vssBefore()
                            .state())
                    .isEqualTo(state);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"end=0 0", "vss=\nend=0 0", "vss=Unknown\nend=0 0", "vss=Gestoppt\nend=0 0", ""})
    void withoutTheStateOfTheServiceThereIsNoAnswer(String output) {
        assertThatThrownBy(() -> ShadowCopyList.parse(output))
                .isInstanceOf(MalformedListException.class)
                .hasMessageStartingWith("it does not begin with the state of the VSS service, but with \"");
    }

    private static ShadowCopy copy(boolean persistent) {
        return new ShadowCopy(
                "{3D0E9B26-3B9D-4AE1-8E33-8C9C3C6C6A01}",
                "{51C3A2F4-12D1-45C1-9E14-5A2F1B0B7E02}",
                "{b5946137-7b9f-4925-af80-51abd60b20d5}",
                "\\\\?\\Volume{5f0c9a10-0000-4000-8000-00000000c5f1}\\",
                "node1.contoso.example",
                persistent,
                12,
                Instant.parse("2026-11-26T02:30:00.250Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "persistent=True|persistent=Wahr|\"Wahr\" is neither True nor False",
                "persistent=True|persistent=|\"\" is neither True nor False",
                "state=12|state=-1|\"-1\" is not a state",
                "state=12|state=|\"\" is not a state",
                "-300|-30|\"20261125213000.250000-30\" is not a time",
                "20261125|20261325|is not a time",
                "id={3D0E9B26|id={|is not a valid id",
                "volume=|volume=C:\\|has a backslash that escapes nothing",
                "machine=|machine=\\u00C4|has a backslash that escapes nothing",
                "machine=|maschine=|is not the expected machine=",
                "copy|kopie|\"kopie\" is out of place",
                "state=12|WARNING: something else|is not the expected state="
            })
    void whatIsNotAsTheScriptPrintsItIsNoAnswer(String part, String instead, String reason) {
        String output = STOPPED + ONE.replace(part, instead) + "end=1 0\n";

        assertThatThrownBy(() -> ShadowCopyList.parse(output))
                .isInstanceOf(MalformedListException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aListThatIsCutOffIsNoAnswerWhereverItEnds() {
        String whole = STOPPED + ONE + ONE + SYSTEM_VOLUME + "end=2 1\n";
        for (int length = 0; length < whole.length() - 1; length++) {
            String cut = whole.substring(0, length);
            assertThatThrownBy(() -> ShadowCopyList.parse(cut)).as(cut).isInstanceOf(MalformedListException.class);
        }
    }

    @Test
    void garbageIsNoAnswer() {
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            char[] noise = new char[random.nextInt(200)];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (char) random.nextInt(0x250);
            }
            assertThatThrownBy(() -> ShadowCopyList.parse(new String(noise)))
                    .isInstanceOf(MalformedListException.class);
        }
    }
}
