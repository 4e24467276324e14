package io.github.csvbackup.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.csvbackup.cluster.NodeVolume;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.PeerEvidence;
import io.github.csvbackup.watch.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalEvidenceJsonTest {
    static List<LocalEvidence> all() {
        return SampleEvidence.all();
    }

    private static LocalEvidence full() {
        return SampleEvidence.all().get(4);
    }

    private static String json(LocalEvidence told) {
        return Json.write(LocalEvidenceJson.write(told, SampleEvidence.NOW));
    }

    private static LocalEvidence read(@Nullable Object value) throws MalformedEvidenceException {
        return LocalEvidenceJson.read(value, SampleEvidence.NOW);
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatIsWrittenIsReadAgain(LocalEvidence told) throws Exception {
        assertThat(read(Json.read(json(told)))).isEqualTo(told);
    }

    @Test
    void theFieldsAreThoseOfTheOperation() {
        LocalEvidence told = SampleEvidence.of(SampleEvidence.running(), SampleEvidence.unread(), null);

        assertThat(json(told))
                .isEqualTo("{\"question\":\"0123456789abcdef0123456789abcdef\",\"cluster\":\"HV1\","
                        + "\"sharedDisks\":[\"0a\",\"0b\"],\"node\":\"NODE2\",\"version\":\"1.2\",\"simulated\":true,"
                        + "\"vss\":{\"state\":\"RUNNING\",\"stateNumber\":4,\"processId\":4242,"
                        + "\"startTime\":\"2026-03-01T11:59:58.123456700Z\",\"stoppedForMillis\":0,\"problem\":null,"
                        + "\"remedy\":null},\"swprv\":{\"state\":\"\",\"stateNumber\":0,\"processId\":null,"
                        + "\"startTime\":null,\"stoppedForMillis\":0,\"problem\":\"the \\\"call\\\" to NODE2 failed\","
                        + "\"remedy\":\"Look at C:\\\\Gr\\u00fcn/log.\"},"
                        + "\"machinesKnown\":true,\"machines\":[{\"resource\":\"0a\",\"volume\":"
                        + "\"\\\\\\\\?\\\\Volume{00000000-0000-0000-0000-000000000001}\\\\\",\"name\":\"SQL-7\","
                        + "\"saidMillisAgo\":12345},{\"resource\":\"0b\",\"volume\":\"\\\\\\\\?\\\\Volume{2}\\\\\","
                        + "\"name\":\"Gr\\u00fcn 1\",\"saidMillisAgo\":0}],\"shadowCopies\":null}");
    }

    @Test
    void fieldsOfLaterVersionsAreIgnored() throws Exception {
        String later = json(full()).replaceFirst("\"question\"", "\"later\":[{}],\"question\"");

        assertThat(read(Json.read(later))).isEqualTo(full());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "\"simulated\":true | \"simulated\":null | simulated must be true or false, not null",
                "\"simulated\":true | \"simulated\":\"true\" | simulated must be true or false, not \"true\"",
                "\"node\":\"NODE2\" | \"nodes\":\"NODE2\" | node is missing",
                "\"node\":\"NODE2\" | \"node\":7 | node must be a string, not 7",
                "\"node\":\"NODE2\" | \"node\":{\"a\":1} | node must be a string, not an object",
                "[\"0a\",\"0b\"] | [\"0a\",7] | sharedDisks must be an array of strings, not 7",
                "[\"0a\",\"0b\"] | [null] | sharedDisks must be an array of strings, not null",
                "[\"0a\",\"0b\"] | \"0a\" | sharedDisks must be an array, not \"0a\"",
                "\"vss\":{ | \"vss\":[],\"x\":{ | vss is not a JSON object, but an array",
                "\"processId\":4242 | \"processId\":-1 | vss.processId must be an integer from 0 to 4294967295, not -1",
                "\"processId\":4242 | \"processId\":4.5 | vss.processId must be an integer, not 4.5",
                "\"state\":\"RUNNING\" | \"state\":\"STOPPED\" | vss has the state \"STOPPED\" and the stateNumber 4,"
                        + " which do not belong together",
                "\"stateNumber\":4 | \"stateNumber\":0 | vss.stateNumber must be an integer from 1 to 7, not 0",
                "\"stateNumber\":4 | \"stateNumber\":4294967300 | vss.stateNumber must be an integer from 1 to 7,"
                        + " not 4294967300",
                "T11:59:58.123456700Z | T11:59:58 | vss.startTime must be a time such as 2026-01-31T12:00:00Z,"
                        + " not \"2026-03-01T11:59:58\"",
                "2026-03-01T11 | +999999999-03-01T11 | vss.startTime must be a time such as 2026-01-31T12:00:00Z,"
                        + " not \"+999999999-03-01T11:59:58.123456700Z\"",
                "\"stoppedForMillis\":0 | \"stoppedForMillis\":1 | vss has stoppedForMillis and is not stopped",
                "\"stoppedForMillis\":34 | \"stoppedForMillis\":-34 | swprv.stoppedForMillis must be an integer from 0 to"
                        + " 3153600000000, not -34560000000",
                "\"problem\":null | \"problem\":\"x\" | vss has a problem or a remedy without the other",
                "\"vssBefore\":{ | \"vssBefore\":null,\"x\":{ | shadowCopies.vssBefore must be an object, not null",
                "\"vssBefore\":{\"state\":\"STOPPED\",\"stateNumber\":1,\"processId\":null,\"startTime\":null,"
                        + "\"stoppedForMillis\":0,\"problem\":null,\"remedy\":null"
                        + " | \"vssBefore\":{\"stoppedForMillis\":0,\"problem\":\"x\",\"remedy\":\"y\""
                        + " | shadowCopies has a list without the state of VSS before it",
                "\"againInMillis\":null | \"againInMillis\":5 | shadowCopies has a list, and againInMillis as if it had none",
                "\"againInMillis\":null | \"againInMillis\":60001 | shadowCopies.againInMillis must be an integer from 0 to 60000,"
                        + " not 60001",
                "{\"id\":\"{1d0 | 7,{\"id\":\"{1d0 | shadowCopies.copies[0] is not a JSON object, but 7",
                "\"id\":\"{1d000000-0000-4000-8000-000000000002}\" | \"id\":null | shadowCopies.copies[2].id must be a string, not null",
                "\"persistent\":false | \"persistent\":0 | shadowCopies.copies[1].persistent must be true or false, not 0",
                "\"state\":12 | \"state\":2147483648 | shadowCopies.copies[0].state must be an integer from -2147483648 to"
                        + " 2147483647, not 2147483648",
                "\"id\":\"{1d000000-0000-4000-8000-000000000000}\" | \"id\":\"{x}\\\"; Remove-Item C:\\\\ -Recurse #\""
                        + " | shadowCopies.copies[0].id must be a GUID in braces, not \"{x}\"; Remove-Item C:\\ -Recurse #\"",
                "\"setId\":\"{5e700000- | \"setId\":\"{ | shadowCopies.copies[0].setId must be a GUID in braces, not"
                        + " \"{0000-4000-8000-000000000001}\"",
                "\"providerId\":\"{ | \"providerId\":\"{{ | shadowCopies.copies[0].providerId must be a GUID in braces, not"
                        + " \"{{b5946137-7b9f-4925-af80-51abd60b20d5}\"",
                "-000000000001}\\\\\",\"originatingMachine | \\u0007\",\"originatingMachine"
                        + " | shadowCopies.copies[0].volumeName must be one line of at most 400 printable characters, not"
                        + " \"\\\\?\\Volume{00000000-0000-0000-0000\\u0007\"",
                "\"originatingMachine\":\"NODE2 | \"originatingMachine\":\"NO\\nDE2"
                        + " | shadowCopies.copies[0].originatingMachine must be one line of at most 400 printable characters,"
                        + " not \"NO\\u000aDE2.example.com\"",
                "\"node\":\"NODE2\" | \"node\":\"\\u001b[2J\" | node must be one line of at most 255 printable characters,"
                        + " not \"\\u001b[2J\"",
                "\"problem\":null,\"remedy\":null | \"problem\":\"x\",\"remedy\":\"Run:\\nformat C:\" | vss.remedy must be one"
                        + " line of at most 400 printable characters, not \"Run:\\u000aformat C:\"",
                "\"driveLetter\":\"D:\" | \"driveLetter\":\"D:\\\"\" | shadowCopies.volumes[0].driveLetter must be a letter and a"
                        + " colon, not \"D:\"\"",
                "\"deviceId\":\" | \"deviceId\":\"x | shadowCopies.volumes[0].deviceId must be the GUID name of a volume, not"
                        + " \"x\\\\?\\Volume{00000000-0000-0000-0000-000000000002}\\\"",
                "\"name\":\"SQL-7\" | \"name\":null | machines[0].name must be a string, not null",
                "\"saidMillisAgo\":12345 | \"saidMillisAgo\":-1 | machines[0].saidMillisAgo must be an integer from 0 to"
                        + " 3153600000000, not -1",
                "\"driveLetter\":\"D:\" | \"driveLetter\":null | shadowCopies.volumes[0].driveLetter must be a string,"
                        + " not null",
            })
    void aFieldThatDoesNotFitIsNamed(String right, String wrong, String message) throws Exception {
        String text = json(full());
        int at = text.indexOf(right);
        assertThat(at).as(right).isNotNegative();
        Object value = Json.read(text.substring(0, at) + wrong + text.substring(at + right.length()));

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> read(value))
                .withMessage(message);
    }

    /** A newer Java of the agent there may print characters that this one does not know. */
    @Test
    void aMachineMayHaveAnyName() throws Exception {
        String text = json(full()).replace("\"SQL-7\"", "\"a\\n\\uD800" + "x".repeat(1000) + "\"");

        LocalEvidence read = read(Json.read(text));

        safe(read);
        assertThat(read.evidence().machines().running().get(0).machine()).startsWith("a\\u000a\\ud800xxx");
    }

    @Test
    void moreMachinesThanAnAgentSendsAreNotRead() throws Exception {
        String machine = "{\"resource\":\"0a\",\"volume\":\"x\",\"name\":\"SQL-7\",\"saidMillisAgo\":0},";
        String[] around = json(full()).split("\"machines\":\\[", -1);
        // The sample has two.
        String most = around[0] + "\"machines\":[" + machine.repeat(198) + around[1];
        String more = around[0] + "\"machines\":[" + machine.repeat(199) + around[1];

        assertThat(read(Json.read(most)).evidence().machines().running()).hasSize(200);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> read(Json.read(more)))
                .withMessage("the answer has 201 machines; an agent sends at most 200");
    }

    @Test
    void otherValuesThanObjectsAreNoAnswer() {
        for (Object value : new Object[] {null, List.of(), "text", 7L, true}) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> read(value))
                    .withMessageStartingWith("the answer is not a JSON object, but ");
        }
    }

    @Test
    void aValueFromOutsideIsShownShortAndPrintable() {
        String text = json(full()).replace("\"RUNNING\"", "\"\\u001b[31m" + "x".repeat(100_000) + "\"");

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> read(Json.read(text)))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300).doesNotContain("\u001b"));
    }

    /** Nothing but the one exception, whatever an answer is, and no field may be left out. */
    @Test
    void eachFieldIsRequiredAndMayBeReplacedByAnything() {
        Map<String, Integer> outcomes = new TreeMap<>();
        for (LocalEvidence told : SampleEvidence.all()) {
            changed(
                    LocalEvidenceJson.write(told, SampleEvidence.NOW),
                    true,
                    value -> assertThatExceptionOfType(MalformedEvidenceException.class)
                            .isThrownBy(() -> read(value)));
            changed(LocalEvidenceJson.write(told, SampleEvidence.NOW), false, value -> {
                try {
                    safe(read(value));
                    outcomes.merge("read", 1, Integer::sum);
                } catch (MalformedEvidenceException e) {
                    outcomes.merge("refused", 1, Integer::sum);
                }
            });
        }
        assertThat(outcomes).containsOnlyKeys("read", "refused");
        assertThat(outcomes.get("refused")).isGreaterThan(1000);
    }

    /** What is read can be shown, and be a part of a command, as it is. */
    private static void safe(LocalEvidence told) {
        json(told);
        PeerEvidence evidence = told.evidence();
        List<String> shown = new ArrayList<>(List.of(told.node(), told.cluster(), told.version()));
        add(shown, evidence.vss().problem());
        add(shown, evidence.softwareProvider().problem());
        evidence.machines().running().forEach(backup -> shown.add(backup.machine()));
        NodeAnswer<ShadowCopies> list = evidence.shadowCopies();
        if (list != null) {
            add(shown, list.problem());
        }
        if (list != null && list.value() != null) {
            for (ShadowCopy copy : list.value().copies()) {
                shown.add(copy.originatingMachine());
                assertThat(List.of(copy.id(), copy.setId(), copy.providerId()))
                        .allMatch(id -> id.length() == 38 && id.matches("[{][0-9A-Fa-f-]+[}]"));
                shown.add(copy.volumeName());
            }
            for (NodeVolume volume : list.value().volumes()) {
                shown.add(volume.fileSystem());
                assertThat(volume.deviceId()).hasSize(49).matches("[\\p{L}\\p{N}\\\\?{}-]*");
                assertThat(volume.driveLetter()).matches("([A-Za-z]:)?");
            }
        }
        assertThat(shown)
                .allMatch(text ->
                        text.length() <= 400 && OutsideText.printable(text).equals(text));
    }

    private static void add(List<String> shown, @Nullable Problem problem) {
        if (problem != null) {
            shown.add(problem.message());
            shown.add(problem.remedy());
        }
    }

    /** The longest message of this agent, and one with line ends, must not make its own answer unreadable. */
    @Test
    void aLongProblemOfThisAgentIsReadByOthers() throws Exception {
        Problem problem = new Problem("a\r\n".repeat(500), "\u001b" + "b".repeat(400));
        LocalEvidence told = SampleEvidence.of(
                new PeerEvidence.Seen(null, Duration.ZERO, problem),
                SampleEvidence.running(),
                NodeAnswer.none(SampleEvidence.NOW, problem));

        LocalEvidence read = read(Json.read(json(told)));

        safe(read);
        assertThat(read.evidence().vss().problem())
                .isEqualTo(read.evidence().shadowCopies().problem());
        assertThat(read.evidence().vss().problem().message()).startsWith("a\\u000d\\u000aa");
    }

    @Test
    void whenAListCanBeHadIsReadByOthers() throws Exception {
        Problem early = new Problem("too early", "Try again.").later(Duration.ofSeconds(38));
        LocalEvidence told = SampleEvidence.of(
                SampleEvidence.running(), SampleEvidence.running(), NodeAnswer.none(SampleEvidence.NOW, early));

        assertThat(read(Json.read(json(told))).evidence().shadowCopies().problem())
                .isEqualTo(early);
    }

    private static ShadowCopy sent(String source, String machine) throws Exception {
        ShadowCopies sample = SampleEvidence.copies(1);
        ShadowCopy copy = sample.copies().get(0);
        ShadowCopy odd = new ShadowCopy(
                copy.id(),
                copy.setId(),
                copy.providerId(),
                source,
                machine,
                copy.persistent(),
                copy.state(),
                copy.created());
        LocalEvidence told = SampleEvidence.of(
                SampleEvidence.running(),
                SampleEvidence.running(),
                NodeAnswer.of(
                        SampleEvidence.NOW, new ShadowCopies(List.of(odd), sample.vssBefore(), sample.volumes())));
        LocalEvidence read = read(Json.read(json(told)));
        safe(read);
        return read.evidence().shadowCopies().value().copies().get(0);
    }

    /** The guard judges such a copy; a list with one can be read. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\\\FS1\\share\\",
                "\\\\FS1\\VMs$\\",
                "\\\\FS1\\R&D (old)\\",
                "\\\\fe80--1.ipv6-literal.net\\it's; \"x\" `n\\",
                "\\\\Gr\u00fcn\\\u5171\u6709\\",
                "C:\\",
                ""
            })
    void aCopyOfAShareIsRead(String source) throws Exception {
        assertThat(sent(source, "FS1.example.com").volumeName()).isEqualTo(source);
    }

    /** One odd copy must not cost the list of the node. */
    @Test
    void oddNamesOfACopyAreSentSoThatOthersCanReadThem() throws Exception {
        ShadowCopy copy = sent("\\\\FS1\\a\u001b[2Jb\\" + "x".repeat(1000), "FS1\n" + "y".repeat(300));

        assertThat(copy.volumeName()).startsWith("\\\\FS1\\a\\u001b[2Jb\\xxx").endsWith(" characters)");
        assertThat(copy.originatingMachine()).startsWith("FS1\\u000ayyy");
    }

    private static final List<@Nullable Object> ODD = Arrays.asList(
            null,
            0L,
            -1L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            Double.NaN,
            1e300,
            true,
            "",
            "STOPPED",
            "\ud800",
            "{x}\"; Remove-Item C:\\ -Recurse #",
            "\u001b]0;x\u0007\r\n",
            "x".repeat(401),
            "+1000000000-12-31T23:59:59.999999999Z",
            List.of(),
            Arrays.asList(null, 7L),
            Map.of(),
            Map.of("state", 1L));

    /** Tells of each variant of a value in which one field is missing, or replaced by something odd. */
    private static void changed(@Nullable Object value, boolean missing, Consumer<@Nullable Object> told) {
        if (value instanceof Map<?, ?> map) {
            for (Object key : map.keySet()) {
                Map<Object, @Nullable Object> other = new LinkedHashMap<>(map);
                if (missing && !mayBeAbsent(map, key)) {
                    other.remove(key);
                    told.accept(other);
                }
                for (Object odd : missing ? List.of() : ODD) {
                    other.put(key, odd);
                    told.accept(other);
                }
                changed(map.get(key), missing, inner -> {
                    Map<Object, @Nullable Object> outer = new LinkedHashMap<>(map);
                    outer.put(key, inner);
                    told.accept(outer);
                });
            }
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                int index = i;
                changed(list.get(i), missing, inner -> {
                    List<@Nullable Object> outer = new ArrayList<>(list);
                    outer.set(index, inner);
                    told.accept(outer);
                });
            }
        }
    }

    /** With a problem little else counts. */
    private static boolean mayBeAbsent(Map<?, ?> of, Object field) {
        return of.get("problem") != null
                && !List.of("problem", "remedy", "stoppedForMillis").contains(field);
    }

    @Test
    void randomBytesInTheTextAreReadOrRefused() {
        Random random = new Random(21);
        String text = json(full());
        int read = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder mutated = new StringBuilder(text);
            for (int n = random.nextInt(3); n >= 0; n--) {
                int at = random.nextInt(mutated.length());
                switch (random.nextInt(3)) {
                    case 0 -> mutated.setCharAt(at, (char) (' ' + random.nextInt(95)));
                    case 1 -> mutated.deleteCharAt(at);
                    default -> mutated.insert(at, mutated.charAt(random.nextInt(mutated.length())));
                }
            }
            try {
                Object value = Json.read(mutated.toString());
                safe(read(value));
                read++;
            } catch (JsonException | MalformedEvidenceException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
        assertThat(read).isBetween(100, 19_000);
    }
}
