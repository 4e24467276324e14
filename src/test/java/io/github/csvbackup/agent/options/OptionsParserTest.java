package io.github.csvbackup.agent.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.security.AnonymousAccess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.Level;

class OptionsParserTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"?", "", "home/ann"})
    void anAccountWithoutAHomeHasToChooseAStateDirectory(String home) throws Exception {
        OptionsParser parser = new OptionsParser(Map.of(), "Linux", Path.of(home));
        assertThatThrownBy(() -> parser.parse(Map.of(Option.BACKEND, "simulated"), "test"))
                .isInstanceOf(UsageException.class)
                .hasMessage("The account that runs the agent has no home directory (Java's user.home is \"" + home
                        + "\"), so there is no default state directory. Choose one with state-dir=DIR.");

        assertThat(parser.parse(Map.of(Option.BACKEND, "simulated", Option.STATE_DIR, "/var/lib/x"), "test")
                        .stateDir())
                .isEqualTo(Path.of("/var/lib/x"));
    }

    @Test
    void defaultsAreAsDocumented() throws Exception {
        Options options = parse("backend=simulated", Map.of());

        assertThat(options)
                .isEqualTo(new Options(
                        Backend.SIMULATED,
                        "127.0.0.1",
                        8778,
                        AnonymousAccess.ASSESS,
                        null,
                        Path.of("/home/ann/.local/state/csv-backup-agent"),
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        false,
                        Duration.ofMinutes(30),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(1),
                        false,
                        AuditOptions.DEFAULT,
                        3,
                        3));
    }

    @Test
    void onWindowsAutoIsWindowsAndTheStateLiesInProgramData() throws Exception {
        OptionsParser windows =
                new OptionsParser(Map.of("ProgramData", "D:\\Data"), "Windows Server 2022", Path.of("C:\\Users\\ann"));

        Options options = windows.parse(Map.of(), "command line");

        assertThat(options.backend()).isEqualTo(Backend.WINDOWS);
        assertThat(options.stateDir()).isEqualTo(Path.of("D:\\Data", "csv-backup-agent"));
    }

    @Test
    void argumentsWinOverEnvironmentOverFileOverDefault() throws Exception {
        Path file = file("port=1\nstale-after=1h\nquiet-time=1m\nbackend=simulated\n");
        Map<String, String> environment = Map.of("CSV_BACKUP_PORT", "2", "CSV_BACKUP_STALE_AFTER", "2h");

        Options options = parse("port=3,config=" + file, environment);

        assertThat(options.port()).isEqualTo(3);
        assertThat(options.staleAfter()).isEqualTo(Duration.ofHours(2));
        assertThat(options.quietTime()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.pollInterval()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void howTheAuditIsKeptCanBeChosen() throws Exception {
        assertThat(parse("backend=simulated,audit-strict=true,audit-keep=7", Map.of())
                        .audit())
                .isEqualTo(new AuditOptions(true, 7));
        assertThat(parse("backend=simulated,audit-keep=all", Map.of()).audit()).isEqualTo(AuditOptions.DEFAULT);
    }

    @Test
    void theEnvironmentCanNameTheFile() throws Exception {
        Path file = file("backend=simulated\nallow-force=true\nclear-deadline=2m\n");

        Options options = parse("", Map.of("CSV_BACKUP_CONFIG", file.toString()));

        assertThat(options.allowForce()).isTrue();
        assertThat(options.clearDeadline()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void agentArgumentsKeepBackslashesSpacesAndEqualSigns() throws Exception {
        assertThat(OptionsParser.splitAgentArguments("state-dir=C:\\Program Files\\a=b\\users\\new, port=0 ,"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        Option.STATE_DIR, "C:\\Program Files\\a=b\\users\\new",
                        Option.PORT, "0"));
    }

    @Test
    void noAgentArgumentsAreFine() throws Exception {
        assertThat(OptionsParser.splitAgentArguments(null)).isEmpty();
        assertThat(OptionsParser.splitAgentArguments(" ")).isEmpty();
    }

    @Test
    void aPieceWithoutEqualSignSaysThatCommasSeparate() {
        assertThatThrownBy(() -> OptionsParser.splitAgentArguments("state-dir=C:\\a,b"))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "'b' (agent arguments) is not key=value. Commas separate options; put a value that contains a"
                                + " comma into the options file (config=FILE).");
    }

    @Test
    void aPieceThatLooksLikeTheCommandLineSaysSo() {
        assertThatThrownBy(() -> OptionsParser.splitAgentArguments("--port"))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("'--port' (agent arguments) is not key=value, without '--'. ");
    }

    @Test
    void anOptionGivenTwiceIsRefused() {
        assertThatThrownBy(() -> OptionsParser.splitAgentArguments("port=1,port=2"))
                .isInstanceOf(UsageException.class)
                .hasMessage("'port' (agent arguments) is given twice; keep one of them.");
    }

    @ParameterizedTest
    @CsvSource({"prot,port", "PORT,port", "stale_after,stale-after", "statedir,state-dir", "quiettime,quiet-time"})
    void anUnknownOptionSuggestsTheNearest(String typed, String meant) {
        assertThatThrownBy(() -> OptionsParser.splitAgentArguments(typed + "=1"))
                .isInstanceOf(UsageException.class)
                .hasMessage("Unknown option '" + typed + "' (agent arguments); did you mean '" + meant + "'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "65536", "99999999999", "", "+1", "8 0", "0x10", "٨"})
    void aPortOutOfRangeNamesTheRange(String port) {
        assertThatThrownBy(() -> parse("backend=simulated,port=" + port, Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "port=" + port + " (agent arguments) is not valid; expected a whole number from 0 to 65535.");
    }

    @Test
    void metricsAreOfAllVolumesOrOfOwnedOnes() throws Exception {
        assertThat(parse("backend=simulated,metrics-volumes=all", Map.of()).metricsOfOwnedVolumes())
                .isFalse();
        assertThat(parse("backend=simulated,metrics-volumes=owned", Map.of()).metricsOfOwnedVolumes())
                .isTrue();
        assertThatThrownBy(() -> parse("backend=simulated,metrics-volumes=mine", Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage("metrics-volumes=mine (agent arguments) is not valid; expected all or owned.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "s", "1.5s", "-1s", "10 s", "10S", "99ms", "61s", "9999999999s", "1d"})
    void aWrongPollIntervalNamesTheRangeAndTheUnits(String time) {
        assertThatThrownBy(() -> parse("backend=simulated,poll-interval=" + time, Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage("poll-interval=" + time
                        + " (agent arguments) is not valid; expected a duration such as 500ms, 10s, 30m or 2h,"
                        + " from 100ms to 60s.");
    }

    @Test
    void volumesOfOthersAreReadAtMostAsOftenAsOwnOnes() throws Exception {
        assertThat(parse("backend=simulated,poll-interval=30s,poll-interval-others=30s", Map.of())
                        .pollIntervalOthers())
                .hasSeconds(30);
        assertThatThrownBy(() -> parse("backend=simulated,poll-interval=30s,poll-interval-others=29s", Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "poll-interval-others=29s (agent arguments) is not valid; expected a duration such as 500ms,"
                                + " 10s, 30m or 2h, from poll-interval to 10m.");
        assertThatThrownBy(() -> parse("backend=simulated,poll-interval-others=11m", Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageEndingWith("from poll-interval to 10m.");
    }

    @Test
    void leftoversAreAskedForEveryQuarterOfAnHourUnlessTheOptionSaysOtherwise() throws Exception {
        assertThat(parse("backend=simulated", Map.of()).leftoverInterval()).hasMinutes(15);
        assertThat(parse("backend=simulated", Map.of()).leftoverAfter()).hasHours(24);
        assertThat(parse("backend=simulated,leftover-interval=off", Map.of()).leftoverInterval())
                .isNull();
        Options other = parse("backend=simulated,leftover-interval=1s,leftover-after=48h", Map.of());
        assertThat(other.leftoverInterval()).hasSeconds(1);
        assertThat(other.leftoverAfter()).hasHours(48);
    }

    @ParameterizedTest
    @CsvSource({"500ms,PT0.5S", "10s,PT10S", "30m,PT30M", "2h,PT2H"})
    void durationsHaveUnits(String text, Duration meant) throws Exception {
        assertThat(parse("backend=simulated,stale-after=" + text, Map.of()).staleAfter())
                .isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stale-after=0s",
                "quiet-time=0ms",
                "stale-after=999999h",
                "leftover-interval=0s",
                "leftover-interval=999ms",
                "leftover-interval=7h",
                "leftover-interval=OFF",
                "leftover-after=0s",
                "leftover-after=off",
                "simulated-nodes=0",
                "simulated-nodes=65",
                "simulated-volumes=0",
                "simulated-volumes=1001",
                "allow-force=yes",
                "audit-strict=1",
                "audit-keep=0",
                "audit-keep=10001",
                "audit-keep=none",
                "anonymous=",
                "anonymous=all",
                "anonymous=ASSESS",
                "log-level=loud",
                "log-level=INFO",
                "log-level=",
                "event-log=yes",
                "host=",
                "host=http://x/",
                "state-dir=",
                "backend=vmware"
            })
    void aWrongValueIsNamedWithWhatIsAllowed(String wrong) {
        assertThatThrownBy(() -> parse(wrong + backendUnlessGiven(wrong), Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith(wrong + " (agent arguments) is not valid; expected ");
    }

    @ParameterizedTest
    @EnumSource(AnonymousAccess.class)
    void whatNeedsNoCredentialsCanBeChosen(AnonymousAccess access) throws Exception {
        assertThat(parse("backend=simulated,anonymous=" + access.text(), Map.of())
                        .anonymous())
                .isEqualTo(access);
    }

    @Test
    void aWrongValueOfTheEnvironmentNamesTheVariable() {
        assertThatThrownBy(() -> parse("backend=simulated", Map.of("CSV_BACKUP_SIMULATED_NODES", "many")))
                .hasMessageStartingWith(
                        "simulated-nodes=many (environment variable CSV_BACKUP_SIMULATED_NODES) is not valid");
    }

    @ParameterizedTest
    @CsvSource({
        "CSV_BACKUP_PROT,CSV_BACKUP_PORT",
        "CSV_BACKUP_STALE,CSV_BACKUP_STALE_AFTER",
        "CSV_BACKUP_STATEDIR,CSV_BACKUP_STATE_DIR",
        "csv_backup_port,CSV_BACKUP_PORT"
    })
    void anUnknownVariableWithOurPrefixSuggestsTheNearest(String typed, String meant) {
        assertThatThrownBy(() -> parse("backend=simulated", Map.of(typed, "1")))
                .isInstanceOf(UsageException.class)
                .hasMessage("Unknown environment variable '" + typed + "'; did you mean '" + meant + "'?");
    }

    @Test
    void anUnknownVariableThatIsLikeNoneGetsTheListOfAll() {
        assertThatThrownBy(() -> parse("backend=simulated", Map.of("CSV_BACKUP_X1", "1")))
                .hasMessageStartingWith("Unknown environment variable 'CSV_BACKUP_X1'; expected one of"
                        + " CSV_BACKUP_CONFIG, CSV_BACKUP_BACKEND, ");
    }

    @Test
    void variablesOfOtherProgramsAreIgnored() throws Exception {
        assertThat(parse("backend=simulated", Map.of("CSV_BACK", "1", "CSVBACKUP_PORT", "2", "MY_CSV_BACKUP_PORT", "3"))
                        .port())
                .isEqualTo(8778);
    }

    @Test
    void onWindowsTheCaseOfAVariableDoesNotMatter() throws Exception {
        Map<String, String> environment = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        environment.put("Csv_Backup_Port", "7");

        assertThat(new OptionsParser(environment, "Windows Server 2022", folder)
                        .parse(Map.of(), "test")
                        .port())
                .isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({"'',backend=auto (default)", "backend=windows,backend=windows (agent arguments)"})
    void offWindowsTheBackendMustBeSimulated(String arguments, String named) {
        assertThatThrownBy(() -> parse(arguments, Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage(named + " needs a node of a Windows failover cluster, but this system is Linux. To try the"
                        + " agent here, use backend=simulated.");
    }

    @Test
    void theLogHasFilesALevelAndOnWindowsTheEventLog() throws Exception {
        assertThat(parse("backend=simulated,log-level=info,event-log=false", Map.of())
                        .log())
                .isNull();
        assertThat(parse("backend=simulated,log-dir=/var/log/x/../y", Map.of()).log())
                .isEqualTo(new LogOptions(Path.of("/var/log/y"), Level.INFO, false));
        assertThat(parse("backend=simulated,log-level=trace", Map.of()).log())
                .isEqualTo(new LogOptions(null, Level.TRACE, false));
        assertThat(new OptionsParser(Map.of("CSV_BACKUP_EVENT_LOG", "true"), "Windows Server 2022", folder)
                        .parse(Map.of(), "test")
                        .log())
                .isEqualTo(new LogOptions(null, Level.INFO, true));
        assertThatThrownBy(() -> parse("backend=simulated,event-log=true", Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "event-log=true (agent arguments) needs Windows, but this system is Linux. To keep the log in"
                                + " files, use log-dir.");
    }

    @Test
    void aMissingFileIsNamed() {
        Path missing = folder.resolve("none.properties");

        assertThatThrownBy(() -> parse("config=" + missing, Map.of()))
                .isInstanceOf(UsageException.class)
                .hasMessage("The options file config=" + missing + " does not exist.");
    }

    private static String backendUnlessGiven(String option) {
        return option.startsWith("backend=") ? "" : ",backend=simulated";
    }

    private Path file(String text) throws Exception {
        return Files.write(folder.resolve("agent.properties"), text.getBytes(StandardCharsets.UTF_8));
    }

    private static Options parse(String agentArguments, Map<String, String> environment) throws UsageException {
        return new OptionsParser(environment, "Linux", Path.of("/home/ann"))
                .parse(OptionsParser.splitAgentArguments(agentArguments), "agent arguments");
    }
}
