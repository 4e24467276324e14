package io.github.csvbackup.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.grafana.Dashboard.Query;
import io.github.csvbackup.grafana.Monitoring.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.json.simple.JSONObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Prometheus and Alertmanager with our files scrape three real agents, and a story is played: a backup, its death, a refused and a
 * done clear, an agent that hangs, one that stops, all that stop. Two agents watch a cluster of two nodes, one watches another cluster whose
 * volume has the same name. After each chapter every query of the dashboard and every rule is run.
 *
 * <p>The chapters build upon each other, in the order of their numbers.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class PrometheusIT {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final String OTHER_VOLUME = "C:\\ClusterStorage\\Volume2";
    /** The names that the agents give their simulated clusters, in two domains. */
    private static final String ONE = "SIMULATED.one";

    private static final String TWO = "SIMULATED.two";

    /** Alerts that are there all the time: all agents are simulated, and the two of cluster one both say that they run on NODE1 of two nodes. */
    private static final List<String> ALWAYS = List.of(
            "CsvBackupSimulatedInProduction " + ONE,
            "CsvBackupSimulatedInProduction " + TWO,
            "CsvBackupNodeWithoutAgent " + ONE);

    @TempDir
    static Path folder;

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static Instant begun;
    private static Monitoring monitoring;
    private static Agent first;
    private static Agent second;
    private static Agent other;
    private static Dashboard dashboard;
    private static final Set<String> ANSWERED = new TreeSet<>();

    @BeforeAll
    static void start() throws Exception {
        begun = Instant.now();
        dashboard = Dashboard.parse(Dashboard.text());
        monitoring = opened(new Monitoring(folder));
        Access access = Access.make(folder, folder.resolve("ca.pem"));
        monitoring.write("password", Access.PASSWORD + "\n");
        first = opened(Agent.start(folder.resolve("first"), 2, access));
        second = opened(Agent.start(folder.resolve("second"), 2, access));
        other = opened(Agent.start(folder.resolve("other"), 1, access));
        monitoring.targets("[" + targets(ONE, first, second) + "," + targets(TWO, other) + "]");
    }

    private static <T extends AutoCloseable> T opened(T resource) {
        OPEN.add(0, resource);
        return resource;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable resource : OPEN) {
            resource.close();
        }
    }

    private static String targets(String cluster, Agent... agents) {
        List<String> names = new ArrayList<>();
        for (Agent agent : agents) {
            names.add("\"" + agent.target() + "\"");
        }
        return "{\"targets\": [" + String.join(",", names) + "], \"labels\": {\"cluster\": \"" + cluster + "\"}}";
    }

    /** The variables as Grafana fills them in: All, and the ranges of a short story. */
    private static final Map<String, String> VALUES = Map.of(
            "cluster", ".*",
            "job", "csv-backup-agent",
            "instance", ".*",
            "volume", ".*",
            "__rate_interval", "20s",
            "__range", "10m");

    /** The answer of a panel's or annotation's query. */
    private static List<Sample> panel(String where) throws Exception {
        return panel(where, VALUES);
    }

    private static List<Sample> panel(String where, Map<String, String> values) throws Exception {
        Query found = dashboard.queries().stream()
                .filter(query -> query.where().equals(where))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The dashboard has no query " + where));
        List<Sample> answer = monitoring.query(found.with(values));
        if (!answer.isEmpty()) {
            ANSWERED.add(where);
        }
        return answer;
    }

    /** The only value of a panel that shows one. */
    private static void shows(String where, double value) throws Exception {
        assertThat(panel(where)).as(where).extracting(Sample::value).containsExactly(value);
    }

    private static void isEmpty(String where) throws Exception {
        assertThat(panel(where)).as(where).isEmpty();
    }

    private static double verdict(String cluster) throws Exception {
        List<Sample> found = panel("Verdict per volume A").stream()
                .filter(sample -> sample.labels().get("cluster").equals(cluster)
                        && sample.labels().get("volume").equals(VOLUME)
                        && sample.labels().get("backend").equals("simulated"))
                .toList();
        assertThat(found).as("one verdict for " + VOLUME + " of " + cluster).hasSize(1);
        return found.get(0).value();
    }

    /** Waits until exactly these alerts fire, beside those that always do. */
    private static void firing(String... names) throws Exception {
        Set<String> expected = new TreeSet<>(List.of(names));
        expected.addAll(ALWAYS);
        Programs.await(
                "the alerts " + expected,
                () -> assertThat(monitoring.alerts("firing")).containsExactlyElementsOf(expected));
    }

    /**
     * What every query gives at the end of each chapter: nothing (-), zeros (0), something else (+), or what depends on the moment (*), such
     * as an increase over the last seconds.
     */
    private static final String EXPECTED = """
            Stale volumes A | 0++000000
            In progress A | 0++000000
            Oldest state A | -++------
            Agents not answering A | 000000++0
            Clusters nobody watches A | 00000+0++
            Verdict per volume A | 0++000000
            Age of the states A | -++------
            Verdicts per agent A | -++------
            How long the states that ended had lasted A | 000+*****
            Quantiles in this time range A | ---++++++
            Quantiles in this time range B | ---++++++
            Stale minutes in 30 days A | *++++++++
            States that became stale in 30 days A | 0++++++++
            States that became stale in 30 days B | 00+++++++
            Requests to clear by outcome A | 000++****
            Forced A | 0000+++++
            Suspect A | 000000000
            Unfinished A | 000000000
            Proven clears A | 000++++++
            Not proven A | 0000+++++
            Pairs of node and volume by I/O state A | +++++++++
            Not in direct I/O A | -********
            Why redirected A | ---------
            Agents A | +++++++++
            Time since the last good poll A | +++++++++
            Duration of polls A | +++++++++
            Polls that failed A | 00000+***
            HTTP requests rejected A | ****+****
            annotation Clears | ---+*****
            annotation Forced clears | ----+****
            annotation Suspect clears | ---------
            """;

    private static final int CHAPTERS = 9;
    private static int chapter;

    private static char code(List<Sample> samples) {
        return samples.isEmpty() ? '-' : samples.stream().allMatch(sample -> sample.value() == 0) ? '0' : '+';
    }

    private static void everythingIsEvaluated() throws Exception {
        for (Query query : dashboard.queries()) {
            String expected = EXPECTED.lines()
                    .filter(line -> line.startsWith(query.where() + " |"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("nothing is expected of " + query.where()));
            char wanted = expected.charAt(expected.length() - CHAPTERS + chapter);
            Programs.await(
                    query.where() + " in chapter " + (chapter + 1),
                    () -> assertThat(code(panel(query.where()))).matches(found -> wanted == '*' || found == wanted));
        }
        chapter++;
        List<JSONObject> rules = monitoring.rules();
        assertThat(rules).hasSizeGreaterThan(20);
        for (JSONObject rule : rules) {
            assertThat(rule.get("health"))
                    .as("%s: %s", rule.get("name"), rule.get("lastError"))
                    .isEqualTo("ok");
            monitoring.query((String) rule.get("query"));
        }
    }

    private static void both(String operation, Object... arguments) throws Exception {
        first.cluster(operation, arguments);
        second.cluster(operation, arguments);
    }

    @Test
    @Order(1)
    void nothingHappens() throws Exception {
        Programs.await("the first scrapes", () -> {
            shows("Agents not answering A", 0);
            assertThat(panel("Agents A")).hasSize(3);
            shows("Clusters nobody watches A", 0);
            shows("Stale volumes A", 0);
        });
        firing();
        shows("In progress A", 0);
        isEmpty("Oldest state A");
        isEmpty("Verdicts per agent A");
        isEmpty("Not in direct I/O A");
        shows("Unfinished A", 0);
        assertThat(panel("Verdict per volume A"))
                .hasSize(4)
                .extracting(Sample::value)
                .containsOnly(0.0);
        everythingIsEvaluated();
    }

    @Test
    @Order(2)
    void aBackupRunsPastStaleAfterAndIsAlive() throws Exception {
        both("startBackup", VOLUME, "NODE1");
        Programs.await("the live backup", () -> {
            shows("In progress A", 1);
            assertThat(verdict(ONE)).isEqualTo(4);
        });
        assertThat(verdict(TWO))
                .as("the other cluster's volume of the same name")
                .isZero();
        Programs.await(
                "both agents to say so",
                () -> assertThat(panel("Verdicts per agent A"))
                        .hasSize(2)
                        .allSatisfy(sample -> assertThat(sample.labels())
                                .containsEntry("verdict", "ACTIVE")
                                .containsEntry("node_name", "NODE1")
                                .containsEntry("backend", "simulated")));
        Programs.await(
                "the I/O states", () -> assertThat(panel("Not in direct I/O A")).hasSize(2));

        firing("CsvBackupRunsLong " + ONE);
        shows("Stale volumes A", 1);
        assertThat(monitoring.alerts("pending")).doesNotContain("CsvBackupStateStale " + ONE);
        everythingIsEvaluated();
    }

    @Test
    @Order(3)
    void theBackupDies() throws Exception {
        both("killBackup", VOLUME);
        // What the poll knows of shadow copies stands while the VSS service lives; a new one says nothing of the
        // volume.
        both("advance", 200);
        Programs.await(
                "the pending alert",
                () -> assertThat(monitoring.alerts("pending")).contains("CsvBackupStateStale " + ONE));
        Programs.await("the service to stop", () -> assertThat(verdict(ONE)).isLessThan(4));
        both("setServiceState", "NODE1", "VSS", "RUNNING");
        Programs.await("the state to look dead", () -> assertThat(verdict(ONE)).isEqualTo(3));

        firing("CsvBackupStateStale " + ONE, "CsvBackupStateStuck " + ONE);
        Programs.await(
                "what the teams are told",
                () -> assertThat(monitoring.told())
                        .contains(
                                "team firing CsvBackupRunsLong " + ONE,
                                "team resolved CsvBackupRunsLong " + ONE,
                                "on-call firing CsvBackupStateStuck " + ONE));
        Programs.await(
                "stuck to inhibit stale",
                () -> assertThat(monitoring.inhibited()).containsExactly("CsvBackupStateStale " + ONE));
        assertThat(panel("Oldest state A")).hasSize(1);
        assertThat(panel("Age of the states A")).hasSize(1);
        everythingIsEvaluated();
    }

    @Test
    @Order(5)
    void aClearIsRefusedWhileTheServiceRuns() throws Exception {
        assertThat(first.ask("outcome", "clear", VOLUME)).isEqualTo("REFUSED");
        Programs.await(
                "the refusal in the panel",
                () -> assertThat(panel("Requests to clear by outcome A"))
                        .filteredOn(sample -> "refused".equals(sample.labels().get("outcome")))
                        .extracting(Sample::value)
                        .hasSize(1)
                        .allMatch(value -> value > 0.9));
        assertThat(monitoring.alerts("firing")).noneMatch(name -> name.startsWith("CsvBackupClear"));
    }

    @Test
    @Order(6)
    void oneNodeMayClearAndDoes() throws Exception {
        for (String service : List.of("VSS", "swprv")) {
            first.cluster("setServiceState", "NODE1", service, "STOPPED");
        }
        Programs.await(
                "one agent to say CLEARABLE",
                () -> assertThat(panel("Verdicts per agent A"))
                        .extracting(sample -> sample.labels().get("instance") + " "
                                + sample.labels().get("verdict"))
                        .containsExactlyInAnyOrder(first.target() + " CLEARABLE", second.target() + " UNPROVEN"));
        assertThat(verdict(ONE)).as("the more careful of two verdicts").isEqualTo(3);

        assertThat(first.ask("outcome", "clear", VOLUME)).isEqualTo("CLEARED");
        second.cluster("moveVolume", VOLUME, "NODE2");

        Programs.await("the panels after the clear", () -> {
            shows("Stale volumes A", 0);
            shows("In progress A", 0);
            assertThat(panel("annotation Clears"))
                    .extracting(sample -> sample.labels().get("volume"))
                    .containsExactly(VOLUME);
            assertThat(panel("Proven clears A").get(0).value()).isBetween(0.9, 1.5);
            assertThat(panel("Quantiles in this time range A")).hasSize(1);
        });
        firing();
        Programs.await(
                "that it is over",
                () -> assertThat(monitoring.told()).contains("on-call resolved CsvBackupStateStuck " + ONE));
        everythingIsEvaluated();
    }

    /** Each volume counted once: two agents saw the one state, and the volume of the other cluster was never stale. */
    @Test
    @Order(7)
    void whatWasLostIsCountedOnce() throws Exception {
        assertThat(panel("States that became stale in 30 days A"))
                .filteredOn(sample -> sample.value() > 0.5)
                .hasSize(1)
                .allSatisfy(sample -> assertThat(sample.value()).isBetween(0.9, 1.5));
        assertThat(panel("States that became stale in 30 days B"))
                .extracting(Sample::value)
                .anyMatch(value -> value > 0.5);
        Map<String, String> chosen = new HashMap<>(VALUES);
        chosen.put("volume", "C:\\\\\\\\ClusterStorage\\\\\\\\Volume1");
        assertThat(panel("Verdict per volume A", chosen))
                .as("a single volume chosen, escaped as Grafana does")
                .hasSize(2)
                .allSatisfy(sample -> assertThat(sample.labels()).containsEntry("volume", VOLUME));
    }

    @Test
    @Order(8)
    void clearsThatGoWrongAreTold() throws Exception {
        first.cluster("prepareBackup", OTHER_VOLUME, "NODE1");
        for (int code : List.of(5, 0)) {
            first.cluster("failNextCalls", "ClusterClearBackupStateForSharedVolume", code, 1);
            assertThat(first.ask("outcome", "forceClear", OTHER_VOLUME, OTHER_VOLUME, "to see what the alerts say"))
                    .isEqualTo(code == 0 ? "NOT_CLEARED" : "FAILED");
        }
        first.cluster("completeBackup", OTHER_VOLUME);
        assertThat(first.statusOfAClearByNobody()).isEqualTo(401);

        Programs.await("the panels", () -> {
            assertThat(panel("Forced A").get(0).value()).isGreaterThan(1.5);
            assertThat(panel("Not proven A").get(0).value()).isGreaterThan(1.5);
            assertThat(panel("annotation Forced clears")).hasSize(1);
            assertThat(panel("HTTP requests rejected A"))
                    .anyMatch(sample -> first.target().equals(sample.labels().get("instance")) && sample.value() > 0);
        });
        firing("CsvBackupClearFailed " + ONE, "CsvBackupClearForced " + ONE, "CsvBackupClearUnverified " + ONE);
        everythingIsEvaluated();
    }

    @Test
    @Order(9)
    void anAgentHangsAndItsClusterIsUnwatched() throws Exception {
        Programs.await("the alerts of the hung agent", () -> {
            other.cluster("hangNextCall", "OpenClusterEx");
            assertThat(monitoring.alerts("firing"))
                    .contains("CsvBackupPollStale " + TWO, "CsvBackupClusterUnwatched " + TWO);
        });
        shows("Agents not answering A", 0);
        shows("Clusters nobody watches A", 1);
        Programs.await(
                "unwatched to inhibit the stale poll",
                () -> assertThat(monitoring.inhibited()).containsExactly("CsvBackupPollStale " + TWO));
        Programs.await(
                "the hung agent to withhold its states",
                () -> assertThat(panel("Verdict per volume A"))
                        .extracting(sample -> sample.labels().get("cluster"))
                        .containsOnly(ONE));
        assertThat(monitoring.query("csv_backup_volume_up{cluster=\"" + TWO + "\"}"))
                .as("it says of each volume that it cannot read it")
                .hasSize(2)
                .extracting(Sample::value)
                .containsOnly(0.0);
        everythingIsEvaluated();

        other.cluster("releaseHungCalls");
        Programs.await(
                "the agent to see its cluster again",
                () -> assertThat(monitoring.alerts("firing"))
                        .noneMatch(name -> name.endsWith(TWO) && !ALWAYS.contains(name)));
    }

    @Test
    @Order(10)
    void oneAgentStops() throws Exception {
        second.close();
        Programs.await(
                "the alert",
                () -> assertThat(monitoring.alerts("firing"))
                        .contains("CsvBackupAgentDown " + ONE)
                        .doesNotContain("CsvBackupClusterUnwatched " + ONE));
        shows("Agents not answering A", 1);
        assertThat(panel("Verdict per volume A"))
                .as("the other agent still reports")
                .hasSize(4);
        Programs.await(
                "what the team is told",
                () -> assertThat(monitoring.told()).contains("team firing CsvBackupAgentDown " + ONE));
        everythingIsEvaluated();
    }

    @Test
    @Order(11)
    void allAgentsOfAClusterStop() throws Exception {
        first.close();
        Programs.await(
                "the alert",
                () -> assertThat(monitoring.alerts("firing")).contains("CsvBackupClusterUnwatched " + ONE));
        Programs.await(
                "it to inhibit the smaller ones",
                () -> assertThat(monitoring.inhibited())
                        .containsExactlyInAnyOrder("CsvBackupAgentDown " + ONE, "CsvBackupNodeWithoutAgent " + ONE));
        Programs.await(
                "what the team on call is told",
                () -> assertThat(monitoring.told()).contains("on-call firing CsvBackupClusterUnwatched " + ONE));
        shows("Clusters nobody watches A", 1);
        everythingIsEvaluated();
    }

    @Test
    @Order(12)
    void theTargetsThemselvesAreGone() throws Exception {
        monitoring.targets("[" + targets(TWO, other) + "]");
        Programs.await(
                "the targets to go",
                () -> assertThat(monitoring.query("up{cluster=\"" + ONE + "\"}"))
                        .isEmpty());
        Programs.await(
                "the alert of a target to go",
                () -> assertThat(monitoring.alerts("firing"))
                        .doesNotContain("CsvBackupAgentDown " + ONE)
                        .contains("CsvBackupClusterUnwatched " + ONE));
        shows("Clusters nobody watches A", 1);
        everythingIsEvaluated();
    }

    /** A query that never had an answer may be misspelt. The simulated cluster gives no reasons, and nothing here makes a clear suspect. */
    @Test
    @Order(13)
    void everyQueryHadAnAnswer() throws Exception {
        List<String> neverTrue = List.of("Why redirected A", "annotation Suspect clears");
        for (Query query : dashboard.queries()) {
            if (neverTrue.contains(query.where())) {
                String unfiltered = query.with(VALUES).replaceAll(" (==|>) \\d$", "");
                assertThat(unfiltered).isNotEqualTo(query.with(VALUES));
                assertThat(monitoring.query(unfiltered)).as(unfiltered).isNotEmpty();
            } else {
                assertThat(ANSWERED).contains(query.where());
            }
        }
        assertThat(dashboard.queries())
                .extracting(Query::where)
                .doesNotHaveDuplicates()
                .isNotEmpty();
        assertThat(Files.readString(folder.resolve("prometheus.log"))).doesNotContain("many-to-many", "level=error");
    }

    /** For the README's picture: -Dcsvbackup.story=FILE keeps what the dashboard's queries gave all through the story. */
    @Test
    @Order(14)
    void theStoryIsKeptForThePictureIfAskedFor() throws Exception {
        String file = System.getProperty("csvbackup.story");
        Assumptions.assumeTrue(file != null, "-Dcsvbackup.story is not given");
        Instant now = Instant.now();
        List<String> answers = new ArrayList<>();
        for (Query query : dashboard.queries()) {
            if (!query.where().startsWith("annotation ")) {
                answers.add("\"" + query.where() + "\": " + monitoring.range(query.with(VALUES), begun, now));
            }
        }
        Files.writeString(Path.of(file), "{" + String.join(",\n", answers) + "}\n");

        assertThat(answers).hasSizeGreaterThan(20).noneMatch(answer -> answer.contains("\"status\":\"error\""));
    }

    /** In the profile pint, which needs Go: misspelt metrics, and functions that do not fit a metric's type. */
    @Test
    @Order(4)
    void pintFindsNothingInTheRulesAgainstALivePrometheus() throws Exception {
        Assumptions.assumeTrue(
                "true".equals(System.getProperty("csvbackup.pint")),
                "pint is run by the profile pint: mvn verify -Ppint");
        Path tool = Path.of("src", "test", "grafana", "pint");
        Path config = Files.writeString(
                folder.resolve("pint.hcl"),
                Files.readString(tool.resolve("pint.hcl"))
                        .replace(
                                "http://127.0.0.1:9090", monitoring.prometheus().toString()));
        Path rules = Path.of("grafana", "rules.yml").toAbsolutePath();
        List<String> lint = new ArrayList<>(
                List.of("go", "tool", "pint", "--no-color", "-c", config.toString(), "lint", "--min-severity=warning"));

        assertThat(unknownMetrics(Programs.runPatiently(tool, append(lint, rules))))
                .isEmpty();

        Path misspelt = Files.writeString(
                folder.resolve("misspelt.yml"),
                Files.readString(rules).replace("csv_backup_stale\n", "csv_backup_stael\n"));
        assertThat(unknownMetrics(Programs.runPatiently(tool, append(lint, misspelt))))
                .containsExactly("csv_backup_stael");
    }

    /**
     * The metrics that pint does not find; it may find nothing else. It looks at some moments of the last week only, which a story of minutes
     * can miss: what the story did have is not unknown.
     */
    private static Set<String> unknownMetrics(String said) throws Exception {
        assertThat(said.lines().filter(line -> line.matches("(Warning|Bug|Fatal): .*")))
                .allMatch(line -> line.endsWith("(promql/series)"));
        Set<String> unknown = new TreeSet<>();
        Matcher reported =
                Pattern.compile("any series for the\\s+`([a-z0-9_:]+)").matcher(said);
        while (reported.find()) {
            if (monitoring.range(reported.group(1), begun, Instant.now()).contains("\"result\":[]")) {
                unknown.add(reported.group(1));
            }
        }
        return unknown;
    }

    private static List<String> append(List<String> command, Path file) {
        List<String> longer = new ArrayList<>(command);
        longer.add(file.toString());
        return longer;
    }
}
