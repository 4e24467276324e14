package io.github.csvbackup.http.jolokia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.openmbean.OpenMBean;
import io.github.csvbackup.openmbean.ReadOnlyOperation;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers and the time for reading are limited, whatever the request. */
class AnswerLimitsTest {
    private static final String BEAN = "io.github.csvbackup:type=Large";
    private static final String READ = "{\"type\":\"read\",\"mbean\":\"" + BEAN + "\",\"attribute\":";

    /** A bean with large values. */
    public interface Large {
        List<String> getRows();

        String getSlow();

        String getText();

        @ReadOnlyOperation
        List<String> refresh();
    }

    private final class LargeBean implements Large {
        @Override
        public List<String> getRows() {
            reads.incrementAndGet();
            return rows;
        }

        @Override
        public String getSlow() {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(4));
            return "slow";
        }

        @Override
        public String getText() {
            return text;
        }

        @Override
        public List<String> refresh() {
            nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
            return rows;
        }
    }

    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicLong nanos = new AtomicLong();
    private List<String> rows = List.of("a", "b");
    private String text = "short";
    private Door door;

    @BeforeEach
    void start() throws Exception {
        MBeanServer beans = MBeanServerFactory.newMBeanServer();
        beans.registerMBean(new OpenMBean(Large.class, new LargeBean()), new ObjectName(BEAN));
        beans.registerMBean(
                new OpenMBean(Large.class, new LargeBean()), new ObjectName("io.github.csvbackup:type=Second"));
        door = new Door(beans, nanos::get);
    }

    private static String array(int times, String element) {
        return "[" + String.join(",", Collections.nCopies(times, element)) + "]";
    }

    private static List<Object> statuses(List<?> bulk) {
        return bulk.stream()
                .<Object>map(part -> ((Map<?, ?>) part).get("status"))
                .toList();
    }

    private Map<?, ?> one(String json) throws Exception {
        return Door.object(door.post(json));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 200, 23_000})
    void theSameAttributeIsNotReadTwice(int times) throws Exception {
        Map<?, ?> answer = one(READ + array(times, "\"Rows\"") + "}");

        assertThat(answer.get("status")).isEqualTo(400L);
        assertThat((String) answer.get("error"))
                .contains(times > 200 ? "names 23000 attributes; at most 200" : "names \"Rows\" more than once");
        assertThat(reads).hasValue(0);
    }

    @Test
    void norIsItInAText() throws Exception {
        assertThat((String) one(READ + "\"Rows,Text,Rows\"}").get("error")).contains("more than once");
        assertThat((String) Door.object(door.get("/jolokia/read/" + BEAN + "/Rows,Rows"))
                        .get("error"))
                .contains("more than once");
        assertThat(one(READ + "\"Rows,Text\"}").get("status")).isEqualTo(200L);
    }

    @Test
    void attributesAreCountedOverAllParts() throws Exception {
        String part = READ + "[\"Rows\",\"Text\",\"None1\",\"None2\",\"None3\"],\"config\":{\"ignoreErrors\":true}}";

        List<?> bulk = (List<?>) Door.json(door.post(array(50, part)));

        assertThat(statuses(bulk).subList(0, 40)).containsOnly(200L);
        assertThat(statuses(bulk).subList(40, 50)).containsOnly(400L);
        assertThat(bulk.get(49).toString()).contains("The request reads more than 200 attributes in all its parts.");
        assertThat(reads).hasValue(40);
    }

    @Test
    void readingHasADeadlineAndOperationsDoNotCount() throws Exception {
        String slow = READ + "\"Slow\"}";
        String refresh = "{\"type\":\"exec\",\"mbean\":\"" + BEAN + "\",\"operation\":\"refresh\"}";

        List<?> bulk = (List<?>) Door.json(
                door.post("[" + refresh + "," + slow + "," + refresh + "," + slow + "," + slow + "," + slow + "]"));

        assertThat(statuses(bulk)).containsExactly(200L, 200L, 200L, 200L, 503L, 503L);
        assertThat(bulk.get(5).toString()).contains("Reading took longer than 10 seconds and was stopped.");
    }

    @Test
    void theDeadlineHoldsBetweenTheAttributesOfOnePart() throws Exception {
        String pattern = "{\"type\":\"read\",\"mbean\":\"io.github.csvbackup:*\",\"attribute\":[\"Slow\",\"Rows\"],"
                + "\"config\":{\"ignoreErrors\":true}}";

        assertThat(Door.json(door.post("[" + pattern + "," + pattern + "]")).toString())
                .contains("status=200", "status=503");
    }

    @Test
    void tooManyValuesAreRefusedAndFewerAreNot() throws Exception {
        rows = Collections.nCopies(AnswerText.VALUES + 10, "");

        Map<?, ?> answer = one(READ + "\"Rows\"}");

        assertThat(answer.get("status")).isEqualTo(400L);
        assertThat((String) answer.get("error"))
                .contains("The answer would contain more than 100000 values.", "Request fewer attributes at once");
        assertThat(one(READ + "\"Rows\",\"path\":\"7\"}").get("value")).isEqualTo("");
        assertThat((List<?>) one(READ + "\"Rows\",\"config\":{\"maxCollectionSize\":9}}")
                        .get("value"))
                .hasSize(9);
    }

    @Test
    void tooLongAnAnswerIsRefusedAndTheOthersOfItsBulkAreNot() throws Exception {
        text = "x".repeat(3_000_000);

        List<?> bulk =
                (List<?>) Door.json(door.post("[" + READ + "\"Text\"}," + READ + "\"Text\"}," + READ + "\"Rows\"}]"));

        assertThat(statuses(bulk)).containsExactly(200L, 400L, 200L);
        assertThat(bulk.get(1).toString()).contains("The answer would be longer than", "characters.");
    }

    @Test
    void theResultOfAnOperationIsNeverTooLong() throws Exception {
        rows = Collections.nCopies(AnswerText.VALUES + 10, "");

        Map<?, ?> answer = one("{\"type\":\"exec\",\"mbean\":\"" + BEAN + "\",\"operation\":\"refresh\"}");

        assertThat(answer.get("status")).isEqualTo(200L);
        assertThat((List<?>) answer.get("value")).hasSize(AnswerText.VALUES + 10);
    }

    /** Jolokia parses texts with regular expressions that need minutes for some of these. */
    @ParameterizedTest
    @ValueSource(strings = {"mbean", "operation", "path", "attribute"})
    void longTextsAreRefused(String field) throws Exception {
        String text =
                (field.equals("attribute") ? "a\\\\\\\\" : field.equals("operation") ? "((" : "a!").repeat(50_000);
        String type = field.equals("operation") ? "exec" : "read";
        String rest = field.equals("mbean") ? "" : ",\"mbean\":\"" + BEAN + "\"";

        assertThat((String) one("{\"type\":\"" + type + "\",\"" + field + "\":\"" + text + "\"" + rest + "}")
                        .get("error"))
                .contains("\"" + field + "\" is longer than 2000 characters");
        assertThat((String) Door.object(door.get("/jolokia/read/" + "a!".repeat(5_000)))
                        .get("error"))
                .contains("The path of the request is longer than 2000 characters");
        assertThat((String) Door.object(door.get("/jolokia/?p=read/" + "a!".repeat(5_000)))
                        .get("error"))
                .contains("The path of the request is longer than 2000 characters");
    }

    @Test
    void manyEscapesAreRefused() throws Exception {
        String path = "a!".repeat(900);

        assertThat((String) one(READ + "\"Rows\",\"path\":\"" + path + "\"}").get("error"))
                .contains("\"path\" contains more than 100 escapes with \"!\".");
        assertThat((String) Door.object(door.get("/jolokia/read/" + BEAN + "/" + path))
                        .get("error"))
                .contains("The path of the request contains more than 100 escapes with \"!\".");
    }

    @Test
    void aClientThatWaitsTooLongForAPlaceIsRefused() {
        ReadingPlaces places = new ReadingPlaces(1);
        Budget spent = new Budget(nanos::get);
        spent.beginReading();
        places.enter(false, spent);
        places.enter(false, spent);
        nanos.addAndGet(Budget.NANOS);

        assertThatThrownBy(() -> places.enter(false, spent))
                .isInstanceOf(Refusal.class)
                .hasMessageStartingWith("Too many clients are reading.");
        places.enter(true, spent);
        places.leave(false);
        places.enter(false, spent);
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() {
        ReadingPlaces places = new ReadingPlaces(1);
        Budget budget = new Budget(nanos::get);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> places.enter(false, budget))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("Try again");
        assertThat(Thread.interrupted()).isTrue();
        places.enter(false, budget);
        places.enter(false, budget);
    }

    @Test
    void theShapeOfATextIsSeenWithoutReadingIt() {
        assertThat(JsonShape.of("{\"a\":[1,2]}")).isEqualTo(new JsonShape(2, 0));
        assertThat(JsonShape.of(" [ ] ")).isEqualTo(new JsonShape(1, 0));
        assertThat(JsonShape.of("[1]")).isEqualTo(new JsonShape(1, 1));
        assertThat(JsonShape.of("[\"a,]\\\"[\",{\"b\":[1,2]},[3,4]]")).isEqualTo(new JsonShape(3, 3));
        assertThat(JsonShape.of("")).isEqualTo(new JsonShape(0, 0));
        assertThat(JsonShape.of("\"[,[\"")).isEqualTo(new JsonShape(0, 0));
        assertThat(JsonShape.of(IntStream.range(0, 9).mapToObj(i -> "[]").collect(Collectors.joining(",", "[", "]"))))
                .isEqualTo(new JsonShape(2, 9));
    }
}
