package io.github.csvbackup.http.jolokia;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import io.github.csvbackup.openmbean.OpenMBean;
import io.github.csvbackup.openmbean.ReadOnlyOperation;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.jolokia.jvmagent.JolokiaServer;
import org.jolokia.jvmagent.JolokiaServerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers are those of the stock agent of Jolokia, in the same JVM and for the same MBeans. */
@Timeout(60)
class AsStockJolokiaTest {
    private static final String BEAN = "io.github.csvbackup:type=Stocked,name=b";

    /** One row. */
    public record Row(String name, int number, List<String> reasons) {}

    /** A bean with all types of values that the MBeans of the agent have. */
    public interface Stocked {
        List<Row> getRows();

        List<String> getTexts();

        String getName();

        String getNothing();

        String getBroken();

        long getCount();

        @ReadOnlyOperation
        Row look(String path, int count);
    }

    private static final class StockedBean implements Stocked {
        @Override
        public List<Row> getRows() {
            return List.of(
                    new Row("a/1", 1, List.of()),
                    new Row("b", 2, List.of("x", "y", "z")),
                    new Row("\u00e4\n\"<", 3, List.of("x")));
        }

        @Override
        public List<String> getTexts() {
            return List.of("one", "two", "three", "four");
        }

        @Override
        public String getName() {
            return "stocked";
        }

        @Override
        public String getNothing() {
            return null;
        }

        @Override
        public String getBroken() {
            throw new IllegalStateException("This attribute is broken.");
        }

        @Override
        public long getCount() {
            return 1L << 60;
        }

        @Override
        public Row look(String path, int count) {
            if (count < 0) {
                throw new IllegalArgumentException("The count is negative.");
            }
            return new Row(path, count, List.of(path));
        }
    }

    private static MBeanServer beans;
    private static ObjectName name;
    private static JolokiaServer stock;
    private static Door ours;

    @BeforeAll
    static void start() throws Exception {
        beans = ManagementFactory.getPlatformMBeanServer();
        name = new ObjectName(BEAN);
        beans.registerMBean(new OpenMBean(Stocked.class, new StockedBean()), name);
        stock = new JolokiaServer(
                new JolokiaServerConfig(Map.of(
                        "port", "0",
                        "host", "127.0.0.1",
                        "discoveryEnabled", "false",
                        "mimeType", "application/json",
                        "allowErrorDetails", "false",
                        "agentId", "stock")),
                false);
        stock.start();
        ours = new Door(beans);
    }

    @AfterAll
    static void stop() throws Exception {
        stock.stop();
        beans.unregisterMBean(name);
    }

    private static Object stockGet(String pathAndQuery) throws Exception {
        return stock(pathAndQuery, null);
    }

    /** Uses a new connection, because on a kept one each answer of the JDK's server waits 40 ms for an acknowledgement. */
    private static Object stock(String pathAndQuery, String json) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + stock.getAddress().getPort() + pathAndQuery);
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setReadTimeout(30_000);
        connection.setRequestProperty("Connection", "close");
        if (json != null) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
        }
        try (InputStream in =
                connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Object stockPost(String query, String json) throws Exception {
        return stock("/jolokia/" + query, json);
    }

    /** Removes what differs from call to call: the time of the answer, and the identity in the text of a Java array. */
    private static Object timeless(Object answer) {
        if (answer instanceof List<?> list) {
            return list.stream().map(AsStockJolokiaTest::timeless).collect(Collectors.toList());
        }
        if (answer instanceof Map<?, ?> map) {
            Map<Object, Object> timeless = new LinkedHashMap<>();
            map.forEach((key, value) -> timeless.put(key, timeless(value)));
            timeless.remove("timestamp");
            return timeless;
        }
        return answer instanceof String text ? text.replaceAll(";@[0-9a-f]+", ";@") : answer;
    }

    private static void sameByGet(String pathAndQuery) throws Exception {
        assertThat(timeless(Door.json(ours.get(pathAndQuery))))
                .as(pathAndQuery)
                .isEqualTo(timeless(stockGet(pathAndQuery)));
    }

    private static void sameByPost(String query, String json) throws Exception {
        assertThat(timeless(Door.json(ours.postTo("/jolokia/" + query, json))))
                .as("%s %s", query, json)
                .isEqualTo(timeless(stockPost(query, json)));
    }

    private static String config(String query) {
        StringBuilder config = new StringBuilder();
        for (String parameter : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            String[] both = parameter.split("=", 2);
            config.append(config.isEmpty() ? "" : ",")
                    .append("\"" + both[0] + "\":"
                            + (both[1].matches("true|false|\\d+") ? both[1] : "\"" + both[1] + "\""));
        }
        return "\"config\":{" + config + "}";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ignoreErrors=true",
                "ignoreErrors=false",
                "maxDepth=1",
                "maxDepth=2",
                "maxDepth=3",
                "maxDepth=0",
                "maxCollectionSize=1",
                "maxCollectionSize=2",
                "maxObjects=1",
                "maxObjects=4",
                "maxObjects=9",
                "canonicalNaming=true",
                "canonicalNaming=false",
                "ifModifiedSince=2000000000",
                "includeStackTrace=true&ignoreErrors=true",
                "serializeException=true",
                "maxDepth=2&maxCollectionSize=2&ignoreErrors=true",
                "unknown=1"
            })
    void parametersCountTheSame(String query) throws Exception {
        String named = "\"mbean\":\"" + BEAN + "\"";
        for (String path : List.of(
                "read/" + BEAN + "/Rows",
                "read/" + BEAN + "/Rows/1",
                "read/" + BEAN + "/Rows/1/reasons/2",
                "read/" + BEAN + "/Rows/*/name",
                "read/" + BEAN + "/Rows/7",
                "read/" + BEAN + "/Texts",
                "read/" + BEAN + "/Name",
                "read/" + BEAN + "/Nothing",
                "read/" + BEAN + "/Broken",
                "read/" + BEAN + "/None",
                "read/" + BEAN + "/Rows,Name,Broken,None",
                "read/" + BEAN + "/Rows,Texts",
                "read/" + BEAN,
                "read/io.github.csvbackup:type=Stocked,*/Name",
                "read/io.github.csvbackup:type=Stocked,*/Absent",
                "search/" + BEAN,
                "search/io.github.csvbackup:name=*,type=Stocked",
                "list/io.github.csvbackup/name=b,type=Stocked/attr",
                "list/io.github.csvbackup/name=b,type=Stocked/op/look",
                "list/io.github.csvbackup/name=b,type=Stocked/desc",
                "list/io.github.csvbackup/name=b,type=Stocked",
                "list/io.github.csvbackup",
                "list/io.github.nowhere")) {
            String question = query.isEmpty() ? "" : "?" + query;
            sameByGet("/jolokia/" + path + question);
            String byParameter = "p=" + URLEncoder.encode(path, StandardCharsets.UTF_8);
            sameByGet("/jolokia/?" + byParameter + (query.isEmpty() ? "" : "&" + query));
        }
        for (String request : List.of(
                "\"type\":\"read\"," + named + ",\"attribute\":\"Rows\"",
                "\"type\":\"read\"," + named + ",\"attribute\":[\"Rows\"]",
                "\"type\":\"read\"," + named + ",\"attribute\":[]",
                "\"type\":\"read\"," + named + ",\"attribute\":[null]",
                "\"type\":\"read\"," + named + ",\"attribute\":null",
                "\"type\":\"read\"," + named + ",\"attribute\":[\"Rows\",\"Name\",\"None\",\"Broken\"]",
                "\"type\":\"read\"," + named + ",\"attribute\":\"Rows\",\"path\":\"0/name\"",
                "\"type\":\"read\"," + named + ",\"attribute\":\"Rows\",\"path\":\"*/reasons/0\"",
                "\"type\":\"read\"," + named,
                "\"type\":\"READ\"," + named + ",\"attribute\":\"Name\"",
                "\"type\":\"read\",\"mbean\":\"io.github.csvbackup:type=Stocked,*\"",
                "\"type\":\"search\",\"mbean\":\"io.github.csvbackup:type=Stocked,*\"",
                "\"type\":\"list\",\"path\":\"io.github.csvbackup/name=b,type=Stocked/op\"",
                "\"type\":\"list\",\"path\":\"io.github.csvbackup\"",
                "\"type\":\"exec\"," + named + ",\"operation\":\"look\",\"arguments\":[\"x\",5]",
                "\"type\":\"exec\"," + named + ",\"operation\":\"look\",\"arguments\":[\"x\",\"5\"]",
                "\"type\":\"exec\"," + named + ",\"operation\":\"look\",\"arguments\":[\"x\",-5]",
                "\"type\":\"exec\"," + named
                        + ",\"operation\":\"look(java.lang.String,int)\",\"arguments\":[\"x\",5]")) {
            String question = query.isEmpty() ? "" : "?" + query;
            sameByPost(question, "{" + request + "}");
            sameByPost("", "{" + request + "," + config(query) + "}");
            sameByPost("?maxDepth=1", "{" + request + "," + config(query) + "}");
            sameByPost(question, "[{" + request + "},{\"type\":\"search\",\"mbean\":\"" + BEAN + "\"}]");
        }
    }

    @Test
    void theTypeAndTheEmptyBulkAreTheSame() throws Exception {
        sameByPost("", "[]");
        assertThat(Door.object(ours.get("/jolokia/version")).keySet())
                .isEqualTo(((Map<?, ?>) stockGet("/jolokia/version")).keySet());
        assertThat(((Map<?, ?>) Door.object(ours.get("/jolokia")).get("value")).get("protocol"))
                .isEqualTo(((Map<?, ?>) ((Map<?, ?>) stockGet("/jolokia/")).get("value")).get("protocol"));
    }

    @Test
    void aListIsSentAgainOnlyIfItChanged() throws Exception {
        AtomicLong epochMillis = new AtomicLong(1_000_000_500);
        MBeanServer own = MBeanServerFactory.newMBeanServer();
        Door door = new Door(new DomainMBeans(own, "io.github.csvbackup", epochMillis::get), System::nanoTime);

        assertThat(listedSince(door, 1_000_000)).as("made in this second").isEqualTo(200L);
        epochMillis.addAndGet(10_000);
        assertThat(listedSince(door, 1_000_001)).isEqualTo(304L);
        own.registerMBean(new OpenMBean(Stocked.class, new StockedBean()), new ObjectName("other:type=Stocked"));
        assertThat(listedSince(door, 1_000_001)).as("what is hidden came").isEqualTo(304L);
        own.registerMBean(new OpenMBean(Stocked.class, new StockedBean()), name);
        assertThat(listedSince(door, 1_000_001)).as("a bean came").isEqualTo(200L);
        epochMillis.addAndGet(10_000);
        assertThat(listedSince(door, 1_000_011)).isEqualTo(304L);

        // The bean goes and comes back between two lists: a client must not keep the list without it.
        own.unregisterMBean(name);
        assertThat(Door.object(door.get("/jolokia/search/" + BEAN)).get("value"))
                .isEqualTo(List.of());
        long sawItGone = epochMillis.get() / 1_000;
        epochMillis.addAndGet(10_000);
        own.registerMBean(new OpenMBean(Stocked.class, new StockedBean()), name);
        assertThat(listedSince(door, sawItGone)).isEqualTo(200L);
        assertThat(Door.object(door.get("/jolokia/search/" + BEAN + "?ifModifiedSince=2000000000"))
                        .get("status"))
                .isEqualTo(304L);
    }

    private static Object listedSince(Door door, long epochSeconds) throws JsonException {
        Map<?, ?> answer = Door.object(door.get("/jolokia/list?ifModifiedSince=" + epochSeconds));
        assertThat(answer.containsKey("value")).isEqualTo(!answer.get("status").equals(304L));
        return answer.get("status");
    }
}
