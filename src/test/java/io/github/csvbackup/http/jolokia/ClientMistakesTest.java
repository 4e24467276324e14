package io.github.csvbackup.http.jolokia;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.log.LogLines;
import io.github.csvbackup.http.Reply;
import io.github.csvbackup.openmbean.OpenMBean;
import io.github.csvbackup.openmbean.ReadOnlyOperation;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Mistakes of clients get one sentence, with status 400 in the body, and are not logged as errors of the agent. */
class ClientMistakesTest {
    private static final String BEAN = "io.github.csvbackup:type=Probe";
    private static final String NAMED = "\"mbean\":\"" + BEAN + "\"";

    /** A bean with attributes and operations. */
    public interface Probe {
        String getName();

        int getNumber();

        @ReadOnlyOperation
        String recent(int count);

        @ReadOnlyOperation
        String far(long count);

        @ReadOnlyOperation
        String assess(String path);

        @ReadOnlyOperation
        String look();

        @ReadOnlyOperation
        String several(String[] paths);
    }

    private static final class ProbeBean implements Probe {
        @Override
        public String getName() {
            return "probe";
        }

        @Override
        public int getNumber() {
            return 7;
        }

        @Override
        public String recent(int count) {
            return count + " lines";
        }

        @Override
        public String far(long count) {
            return count + " far";
        }

        @Override
        public String assess(String path) {
            return "assessed " + path;
        }

        @Override
        public String look() {
            return "looked";
        }

        @Override
        public String several(String[] paths) {
            return "several " + Arrays.toString(paths);
        }
    }

    private MBeanServer beans;
    private Door door;

    @BeforeEach
    void start() throws Exception {
        beans = MBeanServerFactory.newMBeanServer();
        beans.registerMBean(new OpenMBean(Probe.class, new ProbeBean()), new ObjectName(BEAN));
        beans.registerMBean(new OpenMBean(Probe.class, new ProbeBean()), new ObjectName("other:type=Probe"));
        door = new Door(beans);
    }

    private static String exec(String operation, String arguments) {
        return "{\"type\":\"exec\"," + NAMED + ",\"operation\":\"" + operation + "\",\"arguments\":" + arguments + "}";
    }

    /** Bodies that cannot be parsed. */
    static Stream<Arguments> unreadable() {
        return Stream.of(
                Arguments.of(exec("recent", "[99999999999999999999999]"), "an integer that does not fit into 64 bits"),
                Arguments.of("7", "The body must be a JSON object"),
                Arguments.of("\"text\"", "The body must be a JSON object"),
                Arguments.of("null", "The body must be a JSON object"),
                Arguments.of("", "The body is empty"),
                Arguments.of("{", "The body is not JSON"),
                Arguments.of("[".repeat(100), "nested deeper than 64 levels"));
    }

    static Stream<Arguments> mistakes() {
        String read = "{\"type\":\"read\"," + NAMED + ",";
        return Stream.of(
                Arguments.of("{}", "\"type\" is missing. Send a string."),
                Arguments.of("{\"type\":7}", "\"type\" must be a string, not 7."),
                Arguments.of("{\"type\":null}", "\"type\" is missing."),
                Arguments.of("{\"type\":{}}", "\"type\" must be a string, not {}."),
                Arguments.of("{\"type\":\"dance\"}", "Unknown request type \"dance\""),
                Arguments.of("{\"type\":\"regnotif\"," + NAMED + "}", "Unknown request type \"regnotif\""),
                Arguments.of("{\"type\":\"read\"}", "\"mbean\" is missing."),
                Arguments.of("{\"type\":\"read\",\"mbean\":[]}", "\"mbean\" must be a string, not []."),
                Arguments.of("{\"type\":\"read\",\"mbean\":\"nonsense\"}", "Invalid object name"),
                Arguments.of("{\"type\":\"search\",\"mbean\":1}", "\"mbean\" must be a string, not 1."),
                Arguments.of(read + "\"attribute\":\"\"}", "\"attribute\" is empty."),
                Arguments.of(
                        read + "\"attribute\":7}", "\"attribute\" must be a string or an array of strings, not 7."),
                Arguments.of(
                        read + "\"attribute\":{}}", "\"attribute\" must be a string or an array of strings, not {}."),
                Arguments.of(
                        read + "\"attribute\":[7]}", "\"attribute\" must be a string or an array of strings, not [7]."),
                Arguments.of(
                        read + "\"attribute\":[\"Name\",null]}",
                        "\"attribute\" must be a string or an array of strings"),
                Arguments.of(read + "\"attribute\":[\"\"]}", "\"attribute\" is empty."),
                Arguments.of(read + "\"attribute\":\"Name\",\"path\":7}", "\"path\" must be a string, not 7."),
                Arguments.of(read + "\"attribute\":\"Name\",\"path\":\"a/*\"}", "must not end with a wildcard"),
                Arguments.of(read + "\"attribute\":\"Name\",\"config\":7}", "\"config\" must be an object, not 7."),
                Arguments.of(read + "\"attribute\":\"Name\",\"config\":[]}", "\"config\" must be an object, not []."),
                Arguments.of(
                        read + "\"attribute\":\"Name\",\"config\":{\"maxDepth\":\"deep\"}}",
                        "maxDepth must be an integer from 0 to 2147483647, not \"deep\"."),
                Arguments.of(
                        read + "\"attribute\":\"Name\",\"config\":{\"maxObjects\":-1}}",
                        "maxObjects must be an integer from 0 to 2147483647, not \"-1\"."),
                Arguments.of(read + "\"attribute\":\"Name\",\"target\":7}", "has a target"),
                Arguments.of(read + "\"attribute\":\"Name\",\"target\":{}}", "has a target"),
                Arguments.of(read + "\"attribute\":\"Name\",\"target\":\"\"}", "has a target"),
                Arguments.of("{\"type\":\"version\",\"target\":{\"url\":\"x\"}}", "has a target"),
                Arguments.of("{\"type\":\"exec\"," + NAMED + "}", "\"operation\" is missing."),
                Arguments.of(
                        "{\"type\":\"exec\"," + NAMED + ",\"operation\":7}", "\"operation\" must be a string, not 7."),
                Arguments.of("{\"type\":\"exec\"," + NAMED + ",\"operation\":\"\"}", "\"operation\" is empty."),
                Arguments.of(exec("assess", "7"), "\"arguments\" must be an array, not 7."),
                Arguments.of(exec("assess", "\"x\""), "\"arguments\" must be an array, not \"x\"."),
                Arguments.of(exec("assess", "{\"path\":\"x\"}"), "\"arguments\" must be an array, not {"),
                Arguments.of(exec("assess", "[[\"x\"]]"), "\"path\" must be a string, not [\"x\"]."),
                Arguments.of(exec("assess", "[{}]"), "true, false, null or an array of strings, not {}."),
                Arguments.of(exec("several", "[\"x\"]"), "\"paths\" must be an array of strings, not \"x\"."),
                Arguments.of(exec("several", "[null]"), "\"paths\" must be an array of strings, not null."),
                Arguments.of(exec("several", "[[7]]"), "true, false, null or an array of strings, not [7]."),
                Arguments.of(exec("several", "[[[\"x\"]]]"), "or an array of strings, not [[\"x\"]]."),
                Arguments.of(exec("several", "[\"x\",\"y\"]"), "requires 1 parameters, not 2"),
                Arguments.of(exec("assess", "[]"), "requires 1 parameters, not 0"),
                Arguments.of(exec("look", "[1]"), "requires 0 parameters, not 1"),
                Arguments.of(exec("dance", "[]"), "No operation dance"),
                Arguments.of(
                        exec("recent", "[5.0]"),
                        "\"count\" must be an integer from -2147483648 to 2147483647, not 5.0."),
                Arguments.of(exec("recent", "[\"five\"]"), "\"count\" must be an integer"),
                Arguments.of(exec("recent", "[true]"), "\"count\" must be an integer"),
                Arguments.of(exec("recent", "[null]"), "\"count\" must be an integer"),
                Arguments.of(exec("recent(int)", "[5.5]"), "\"count\" must be an integer"),
                Arguments.of(
                        exec("recent", "[3000000000]"),
                        "\"count\" must be an integer from -2147483648 to 2147483647, not 3000000000."),
                Arguments.of(exec("far", "[1e3]"), "\"count\" must be an integer"),
                Arguments.of("{\"type\":\"list\",\"path\":7}", "\"path\" must be a string, not 7."),
                Arguments.of(
                        "{\"type\":\"list\",\"path\":\"io.github.csvbackup/type=Probe/desc/a/b\"}",
                        "Path contains extra elements"),
                Arguments.of("{\"type\":\"list\",\"path\":\"io.github.csvbackup/type=Probe/nothing\"}", "nothing"));
    }

    @ParameterizedTest
    @MethodSource({"mistakes", "unreadable"})
    void isExplained(String request, String sentence) throws Exception {
        try (LogLines log = new LogLines(JolokiaEndpoint.class.getName())) {
            Reply alone = door.post(request);

            assertThat(alone.status()).isEqualTo(200);
            assertThat(Door.object(alone).get("status")).as(alone.body()).isEqualTo(400L);
            assertThat((String) Door.object(alone).get("error")).contains(sentence);
            assertThat(log.lines()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void spoilsNoOtherPartOfABulkRequest(String request, String sentence) throws Exception {
        List<?> bulk = (List<?>) Door.json(door.post("[{\"type\":\"version\"}," + request + "]"));

        assertThat(bulk).hasSize(2);
        assertThat(((Map<?, ?>) bulk.get(0)).get("status")).isEqualTo(200L);
        assertThat(((Map<?, ?>) bulk.get(1)).get("status")).isEqualTo(400L);
        assertThat((String) ((Map<?, ?>) bulk.get(1)).get("error")).contains(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/jolokia/read",
                "/jolokia/read/",
                "/jolokia/read/nonsense",
                "/jolokia/read/*/Name",
                "/jolokia/read/" + BEAN + "//",
                "/jolokia/read/" + BEAN + "//x",
                "/jolokia/read/" + BEAN + "/,",
                "/jolokia/read/" + BEAN + "/Name?maxDepth=deep",
                "/jolokia/read/" + BEAN + "/Name?maxCollectionSize=-1",
                "/jolokia/read/" + BEAN + "/Name?ifModifiedSince=99999999999999",
                "/jolokia/exec/" + BEAN,
                "/jolokia/search",
                "/jolokia/dance",
                "/jolokia/*",
                "/jolokia/regnotif/" + BEAN,
                "/jolokia/list/io.github.csvbackup/type=Probe/desc/a/b/c",
                "/jolokia/list/io.github.csvbackup/type=*",
                "/jolokia/?p=read/" + BEAN + "//",
            })
    void isExplainedForAnAddress(String uri) throws Exception {
        try (LogLines log = new LogLines(JolokiaEndpoint.class.getName())) {
            Reply reply = door.get(uri);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(Door.object(reply).get("status")).as(reply.body()).isEqualTo(400L);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    void aPartThatIsNoObjectIsOneError() throws Exception {
        List<?> bulk = (List<?>) Door.json(door.post("[7,{\"type\":\"version\"},null,[]]"));

        assertThat(bulk.stream().<Object>map(part -> ((Map<?, ?>) part).get("status")))
                .containsExactly(400L, 200L, 400L, 400L);
    }

    @Test
    void tooManyPartsAreAsManyErrors() throws Exception {
        String bulk = "["
                + IntStream.range(0, 51).mapToObj(i -> "{\"type\":\"version\"}").collect(Collectors.joining(",")) + "]";
        List<?> answers = (List<?>) Door.json(door.post(bulk));

        assertThat(answers).hasSize(51);
        assertThat(answers).allSatisfy(answer -> {
            assertThat(((Map<?, ?>) answer).get("status")).isEqualTo(400L);
            assertThat((String) ((Map<?, ?>) answer).get("error"))
                    .contains("The bulk request has 51 parts; at most 50 are allowed. Split it into several requests.");
        });
    }

    /** A body of a few kilobytes must not lead to an answer of several megabytes. */
    @Test
    void farTooManyPartsAreOneError() throws Exception {
        Reply reply = door.post("[" + "{},".repeat(80_000) + "{}]");

        assertThat(Door.object(reply).get("status")).isEqualTo(400L);
        assertThat((String) Door.object(reply).get("error")).contains("has 80001 parts; at most 50 are allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE"})
    void aByteOrderMarkIsNamed(String charset) throws Exception {
        Reply reply = door.post("/jolokia/", "\uFEFF{\"type\":\"version\"}".getBytes(Charset.forName(charset)));

        assertThat(Door.object(reply).get("status")).isEqualTo(400L);
        assertThat((String) Door.object(reply).get("error"))
                .contains(charset.equals("UTF-8") ? "byte order mark" : "The body is not valid UTF-8")
                .contains("Send UTF-8");
    }

    @Test
    void utf16WithoutAMarkIsNamedToo() throws Exception {
        Reply reply = door.post("/jolokia/", "{\"type\":\"version\"}".getBytes(StandardCharsets.UTF_16LE));

        assertThat(Door.object(reply).get("status")).isEqualTo(400L);
        assertThat((String) Door.object(reply).get("error")).contains("UTF-16");
    }

    @Test
    void argumentsFitWhateverTheirSpelling() throws Exception {
        assertThat(door.post(exec("recent", "[5]")).body()).contains("5 lines");
        assertThat(door.post(exec("recent", "[\"5\"]")).body()).contains("5 lines");
        assertThat(door.post(exec("recent(int)", "[5]")).body()).contains("5 lines");
        assertThat(door.post(exec("far", "[3000000000]")).body()).contains("3000000000 far");
        assertThat(door.post(exec("assess", "[7]")).body()).contains("assessed 7");
        assertThat(door.post(exec("look", "null")).body()).contains("looked");
        assertThat(door.post(exec("several", "[[\"x\",\"a, b\",null]]")).body()).contains("several [x, a, b, null]");
        assertThat(door.post(exec("several", "[[]]")).body()).contains("several []");
        assertThat(door.post(exec("several([Ljava.lang.String;)", "[[\"x\"]]")).body())
                .contains("several [x]");
        assertThat(door.post("{\"type\":\"exec\"," + NAMED + ",\"operation\":\"look\"}")
                        .body())
                .contains("looked");
    }

    @Test
    void aTypeIsFoundWhateverTheHostsLanguage() throws Exception {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            assertThat(Door.object(door.post("{\"type\":\"LIST\"}")).get("status"))
                    .isEqualTo(200L);
            assertThat(Door.object(door.get("/jolokia/LIST")).get("status")).isEqualTo(200L);
            assertThat(Door.object(door.get("/jolokia/?p=LIST")).get("status")).isEqualTo(200L);
            assertThat(Door.object(door.get("/jolokia/VERSION")).get("status")).isEqualTo(200L);
        } finally {
            Locale.setDefault(before);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"other:type=Probe", "other:type=None", "io.github.csvbackup:type=None"})
    void whatIsHiddenIsAsWhatDoesNotExist(String bean) throws Exception {
        String named = "\"mbean\":\"" + bean + "\"";
        String path = bean.replace(':', '/');
        for (Reply reply : List.of(
                door.post("{\"type\":\"read\"," + named + ",\"attribute\":\"Name\"}"),
                door.post("{\"type\":\"read\"," + named + ",\"attribute\":[\"Name\",\"Number\"]}"),
                door.post("{\"type\":\"read\"," + named + "}"),
                door.post("{\"type\":\"read\",\"mbean\":\"" + bean + ",*\"}"),
                door.postTo(
                        "/jolokia/?ignoreErrors=true", "{\"type\":\"read\"," + named + ",\"attribute\":[\"Name\"]}"),
                door.post("{\"type\":\"write\"," + named + ",\"attribute\":\"Name\",\"value\":1}"),
                door.post("{\"type\":\"exec\"," + named + ",\"operation\":\"assess\",\"arguments\":[\"x\"]}"),
                door.anonymously("{\"type\":\"exec\"," + named + ",\"operation\":\"assess\",\"arguments\":[\"x\"]}"),
                door.post("{\"type\":\"list\",\"path\":\"" + path + "\"}"),
                door.post("{\"type\":\"list\",\"path\":\"" + path + "/attr/Name\"}"),
                door.get("/jolokia/read/" + bean + "/Name"),
                door.get("/jolokia/exec/" + bean + "/assess/x"),
                door.get("/jolokia/list/" + path))) {
            assertThat(reply.status()).isEqualTo(200);
            assertThat(Door.object(reply).get("status")).as(reply.body()).isEqualTo(404L);
            assertThat(reply.body()).doesNotContain("java.lang.SecurityException");
        }
        assertThat(Door.object(door.post("{\"type\":\"search\"," + named + "}")).get("value"))
                .as("a search that finds nothing")
                .isEqualTo(List.of());
    }
}
