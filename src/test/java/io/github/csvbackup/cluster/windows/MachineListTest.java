package io.github.csvbackup.cluster.windows;

import static io.github.csvbackup.cluster.windows.MachineAnswer.guid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.VirtualMachine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid and invalid output of the script about virtual machines. */
class MachineListTest {
    private static final String FOLDER = "C:\\ClusterStorage\\Volume1\\sql";
    private static final String CREATED = "20261125213000.250000-300";

    private static MachineAnswer node() {
        return new MachineAnswer().system(MachineAnswer.NODE, MachineAnswer.NODE, "2");
    }

    private static MachineAnswer one() {
        return node().system(guid(1), "sql", "11 32776")
                .setting(guid(1), guid(1), MachineList.MACHINE, "sql", CREATED, FOLDER)
                .setting(guid(2), guid(1), MachineList.RECOVERY, "sql - backup", CREATED, FOLDER)
                .disk("Microsoft:" + guid(1) + "\\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\\0\\0\\L", FOLDER + "\\d.avhdx")
                .disk("Microsoft:" + guid(2) + "\\83F8638B-8DCA-4152-9EDA-2CA8B33039B4\\0\\0\\L", FOLDER + "\\d.vhdx")
                .merge("Microsoft:" + guid(1), "0");
    }

    private static List<VirtualMachine> machines(String output) throws MalformedListException {
        return MachineList.parse(output).orElseThrow();
    }

    @Test
    void aNodeWithoutTheNamespaceHasNoAnswer() throws Exception {
        assertThat(MachineList.parse("hyperv=none.\r\n")).isEmpty();
        assertThat(MachineList.parse(node().text())).hasValue(List.of());
    }

    @Test
    void readsAMachineWithItsCheckpointDisksAndMerging() throws Exception {
        assertThat(machines(one().text()))
                .containsExactly(new VirtualMachine(
                        guid(1),
                        "sql",
                        List.of(11, VirtualMachine.BACKING_UP),
                        0,
                        List.of(FOLDER, FOLDER + "\\d.avhdx"),
                        List.of(new RecoveryCheckpoint(
                                "Microsoft:" + guid(2),
                                "sql - backup",
                                Instant.parse("2026-11-26T02:30:00.250Z"),
                                List.of(FOLDER, FOLDER + "\\d.vhdx")))));
    }

    @Test
    void numbersThatAreNotKnownStayNumbersAndMissingOnesAreNotInvented() throws Exception {
        assertThat(machines(node().system(guid(1), "a", "11 65535")
                        .system(guid(2), "b", "")
                        .merge("Microsoft:" + guid(2) + "\\DeviceSpecificData", "7")
                        .text()))
                .containsExactly(
                        new VirtualMachine(guid(1), "a", List.of(11, 65535), null, List.of(), List.of()),
                        new VirtualMachine(guid(2), "b", List.of(), 7, List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "20261125213000.250000-300, 2026-11-26T02:30:00.250Z",
        "20261125213000.000000+840, 2026-11-25T07:30:00Z",
        "20261125213000.000000-000, 2026-11-25T21:30:00Z",
        "20261125213000.000000+345, 2026-11-25T15:45:00Z",
        "16010101000000.000000-000,",
        "00000000000000.000000-000,",
        "20261325213000.000000-000,",
        "2026112521****.******+***,",
        "**************.******+***,",
        "gestern,",
        "'',"
    })
    void readsTimesWithAnyOffset(String value, @Nullable Instant expected) throws Exception {
        String output = one().text().replace("created=" + CREATED, "created=" + value);

        assertThat(machines(output).get(0).checkpoints().get(0).created()).isEqualTo(expected);
    }

    /** One odd number must not cost the list: it is unknown, or no number of a state that is known. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"-1|-1", "2147483647|2147483647", "4294967295|", "-9999999999|", "123456789012345678|"})
    void numbersOfStatesMayBeOdd(String number, @Nullable Integer expected) throws Exception {
        VirtualMachine machine = machines(node().system(guid(1), "a", "2 " + number)
                        .merge("Microsoft:" + guid(1), number)
                        .text())
                .get(0);

        assertThat(machine.mergeState()).isEqualTo(expected);
        assertThat(machine.operationalStatus()).isEqualTo(expected == null ? List.of(2) : List.of(2, expected));
    }

    /** WMI compares texts without their case. */
    @Test
    void theTypeOfASettingMayBeInAnotherCase() throws Exception {
        String output = one().text()
                .replace("System:Realized", "SYSTEM:realized")
                .replace("Snapshot:Recovery", "snapshot:RECOVERY");

        assertThat(machines(output)).isEqualTo(machines(one().text()));
    }

    @ParameterizedTest
    @CsvSource({"1,0,0", "0,1,0", "1,2,2", "'',7,7", "7,'',7", "4294967295,1,1"})
    void ofSeveralSettingsForMergingOneThatIsOffCounts(String first, String second, int expected) throws Exception {
        String id = "Microsoft:" + guid(1);

        assertThat(machines(node().system(guid(1), "a", "2")
                                .merge(id + "\\1", first)
                                .merge(id + "\\2", second)
                                .text())
                        .get(0)
                        .mergeState())
                .isEqualTo(expected);
    }

    @Test
    void whatBelongsToAMachineThatCameOrWentMeanwhileIsLeftOut() throws Exception {
        String output = one().setting(guid(9), guid(8), MachineList.RECOVERY, "moved", CREATED, FOLDER)
                .setting(guid(8), guid(8), MachineList.MACHINE, "moved", CREATED, FOLDER)
                .disk("Microsoft:" + guid(9) + "\\L", FOLDER + "\\moved.vhdx")
                .disk("Microsoft:Definition\\Default", "")
                .merge("Microsoft:" + guid(9), "0")
                .text();

        assertThat(machines(output)).isEqualTo(machines(one().text()));
    }

    @Test
    void idsAreComparedWithoutCase() throws Exception {
        String lower = one().text()
                .replace("setting=Microsoft:" + guid(1), "setting=Microsoft:" + guid(1).toLowerCase(Locale.ROOT))
                .replace("machine=" + guid(1), "machine=" + guid(1).toLowerCase(Locale.ROOT));

        assertThat(machines(lower)).isEqualTo(machines(one().text()));
    }

    @Test
    void aListWithoutTheNodeIsThatOfAnAccountWithoutRights() {
        assertThatThrownBy(() -> MachineList.parse(new MachineAnswer().text()))
                .isInstanceOf(MalformedListException.class)
                .hasMessage("it lacks the node itself, so the account may lack rights in Hyper-V");
        assertThatThrownBy(() -> MachineList.parse(node().system("x", "x", "2").text()))
                .hasMessage("2 of its systems have no GUID");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status=11|status=Backing Up|\"Backing\" is not a number of a state",
                "status=11 32776|status=11  32776|\"\" is not a number of a state",
                "status=2.|status=2|has no end",
                "state=0|state=off|\"off\" is not a number of a state",
                "Snapshot:Recovery|Snapshot:Realized|was not asked for",
                "path=|pfad=|is not the expected path=",
                "name=sql|name=C:\\sql|has a backslash that escapes nothing",
                "system=|System=|is out of place",
                "hyperv=v2|hyperv=v3|it does not begin with whether the node has Hyper-V",
                "end=2 2 2 1|end=2 2 2 2|is out of place"
            })
    void whatIsNotAsTheScriptPrintsItIsNoAnswer(String part, String instead, String reason) {
        String output = one().text().replace("\r", "");
        assertThat(output).contains(part);

        assertThatThrownBy(() -> MachineList.parse(output.replace(part, instead)))
                .isInstanceOf(MalformedListException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void aListThatIsCutOffIsNoAnswerWhereverItEnds() {
        String whole = one().text();
        for (int length = 0; length < whole.length() - 2; length++) {
            String cut = whole.substring(0, length);
            assertThatThrownBy(() -> MachineList.parse(cut)).as(cut).isInstanceOf(MalformedListException.class);
        }
    }

    @Test
    void aListWithoutOneOfItsLinesIsNoAnswer() {
        List<String> whole = one().text().lines().toList();
        for (int line = 0; line < whole.size(); line++) {
            List<String> without = new ArrayList<>(whole);
            without.remove(line);
            assertThatThrownBy(() -> MachineList.parse(String.join("\n", without)))
                    .as(whole.get(line))
                    .isInstanceOf(MalformedListException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Zugriff verweigert\r\n", "hyperv=none.\nhyperv=none.", "hyperv=.", "+\n", "."})
    void otherOutputIsNoAnswer(String output) {
        assertThatThrownBy(() -> MachineList.parse(output)).isInstanceOf(MalformedListException.class);
    }

    @Test
    void whatFollowsTheEndIsNoAnswer() {
        assertThatThrownBy(() -> MachineList.parse(one().text() + "more.")).hasMessageContaining("is out of place");
    }

    @Test
    void garbageIsNoAnswer() {
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            assertThatThrownBy(() -> MachineList.parse(text(random, 200))).isInstanceOf(MalformedListException.class);
            String line = text(random, 20).replaceAll("\\R", "") + ".\r\n";
            String noise = one().text().replaceFirst("\r\n", Matcher.quoteReplacement("\r\n" + line));
            assertThatThrownBy(() -> MachineList.parse(noise)).isInstanceOf(MalformedListException.class);
        }
    }

    /** Characters of all planes, control characters, line ends and halves of pairs. */
    private static String text(Random random, int most) {
        char[] text = new char[random.nextInt(most)];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char) (random.nextInt(3) == 0 ? random.nextInt(0x10000) : random.nextInt(0x80));
        }
        return new String(text);
    }

    @Test
    void anyNamesAndPathsOfAThousandMachinesArrive() throws Exception {
        Random random = new Random(22);
        MachineAnswer answer = node();
        List<VirtualMachine> expected = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String name = text(random, 100);
            String folder = "C:\\ClusterStorage\\" + text(random, 200);
            String disk = folder + "\\" + text(random, 100) + ".avhdx";
            String id = guid(2 * i);
            String checkpoint = guid(2 * i + 1);
            answer.system(id, name, "2")
                    .setting(id, id, MachineList.MACHINE, name, CREATED, folder)
                    .setting(checkpoint, id, MachineList.RECOVERY, name, CREATED, folder)
                    .disk("Microsoft:" + id + "\\" + i, disk)
                    .merge("Microsoft:" + id, "1");
            expected.add(new VirtualMachine(
                    id,
                    name,
                    List.of(2),
                    VirtualMachine.MERGE_ENABLED,
                    List.of(folder, disk),
                    List.of(new RecoveryCheckpoint(
                            "Microsoft:" + checkpoint,
                            name,
                            Instant.parse("2026-11-26T02:30:00.250Z"),
                            List.of(folder)))));
        }

        assertThat(machines(answer.text())).isEqualTo(expected);
    }
}
