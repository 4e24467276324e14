package io.github.csvbackup.agent.options;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.security.AnonymousAccess;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/** Collects the options. The command line or the agent arguments win over the environment, then the options file, then the default. */
public final class OptionsParser {
    private static final Duration SHORTEST_CLEAR = Duration.ofSeconds(5);
    private static final Duration LONGEST_CLEAR = Duration.ofMinutes(10);
    private static final Duration SHORTEST_POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_POLL_OTHERS = Duration.ofMinutes(10);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(60);

    private static final Duration SHORTEST_LEFTOVER_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_LEFTOVER_INTERVAL = Duration.ofHours(6);

    private static final int MOST_AUDIT_FILES = 10_000;
    private static final String PROGRAM_DATA = "ProgramData";

    private final Map<String, String> environment;
    private final String operatingSystem;
    private final Path userHome;

    /**
     * For tests.
     *
     * @param environment the environment variables; on Windows its lookup must ignore case
     */
    public OptionsParser(Map<String, String> environment, String operatingSystem, Path userHome) {
        this.environment = environment;
        this.operatingSystem = operatingSystem;
        this.userHome = userHome;
    }

    /** For this machine and this user. */
    public static OptionsParser ofThisMachine() {
        String system = System.getProperty("os.name", "");
        Map<String, String> environment = System.getenv();
        if (isWindows(system)) {
            environment = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            environment.putAll(System.getenv());
        }
        return new OptionsParser(environment, system, home(System.getProperty("user.home", "")));
    }

    /** The same without the variables of the agent, for another process, which does not get those of this one. */
    public OptionsParser withoutVariables() {
        String programData = environment.get(PROGRAM_DATA);
        return new OptionsParser(
                programData == null ? Map.of() : Map.of(PROGRAM_DATA, programData), operatingSystem, userHome);
    }

    /** Java reports an unknown home directory as "?", which is not a path on Windows. */
    private static Path home(String property) {
        try {
            return Path.of(property);
        } catch (InvalidPathException e) {
            return Path.of("");
        }
    }

    /**
     * Splits agent arguments. A comma always separates options; a value that contains a comma must be in the options file.
     *
     * @param text {@code key=value,...}; may be null or blank
     */
    public static Map<Option, String> splitAgentArguments(@Nullable String text) throws UsageException {
        Map<Option, String> values = new EnumMap<>(Option.class);
        if (text == null || text.isBlank()) {
            return values;
        }
        for (String part : text.split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            if (equals < 0) {
                String dashes = part.strip().startsWith("--") ? ", without '--'" : "";
                throw new UsageException(
                        "'" + part.strip() + "' (agent arguments) is not key=value" + dashes + ". Commas separate"
                                + " options; put a value that contains a comma into the options file (config=FILE).");
            }
            String key = part.substring(0, equals).strip();
            if (values.put(
                            Option.named(key, "agent arguments"),
                            part.substring(equals + 1).strip())
                    != null) {
                throw new UsageException("'" + key + "' (agent arguments) is given twice; keep one of them.");
            }
        }
        return values;
    }

    /**
     * Returns the checked options.
     *
     * @param given the options of the command line or of the agent arguments
     * @param origin where {@code given} comes from, for messages
     * @throws UsageException names the option, its value, where it comes from and what is valid
     */
    public Options parse(Map<Option, String> given, String origin) throws UsageException {
        Map<Option, GivenValue> all = collect(given, origin);
        SimulatedJoin join = join(all);
        return new Options(
                backend(value(all, Option.BACKEND), join != null),
                host(all),
                value(all, Option.PORT).number(0, 65535),
                anonymous(value(all, Option.ANONYMOUS)),
                remoteAccess(all),
                stateDir(value(all, Option.STATE_DIR)),
                value(all, Option.POLL_INTERVAL).duration(SHORTEST_POLL, LONGEST_POLL, "from 100ms to 60s"),
                others(all),
                ownedOnly(value(all, Option.METRICS_VOLUMES)),
                positive(value(all, Option.STALE_AFTER)),
                positive(value(all, Option.QUIET_TIME)),
                value(all, Option.CLEAR_DEADLINE).duration(SHORTEST_CLEAR, LONGEST_CLEAR, "from 5s to 10m"),
                value(all, Option.ALLOW_FORCE).bool(),
                new AuditOptions(
                        value(all, Option.AUDIT_STRICT).bool(),
                        value(all, Option.AUDIT_KEEP).numberOrAll(1, MOST_AUDIT_FILES)),
                value(all, Option.SIMULATED_NODES).number(1, 64),
                value(all, Option.SIMULATED_VOLUMES).number(1, 1000),
                log(all),
                leftoverInterval(value(all, Option.LEFTOVER_INTERVAL)),
                positive(value(all, Option.LEFTOVER_AFTER)),
                value(all, Option.SIMULATED_REMOTE_ACCESS).bool(),
                join);
    }

    /** A guest without these options must not load further classes. */
    private static @Nullable SimulatedJoin join(Map<Option, GivenValue> all) throws UsageException {
        return value(all, Option.SIMULATED_JOIN).text().isEmpty()
                        && value(all, Option.NODE).text().isEmpty()
                        && value(all, Option.SIMULATED_TOKEN_FILE).text().isEmpty()
                ? null
                : SimulatedOptions.join(all);
    }

    private @Nullable LogOptions log(Map<Option, GivenValue> all) throws UsageException {
        Path directory = optionalPath(value(all, Option.LOG_DIR));
        Level level = value(all, Option.LOG_LEVEL).level();
        GivenValue events = value(all, Option.EVENT_LOG);
        if (events.bool() && !isWindows(operatingSystem)) {
            throw new UsageException(events + " needs Windows, but this system is " + operatingSystem
                    + ". To keep the log in files, use log-dir.");
        }
        // A guest with the defaults must not load further classes.
        return directory == null && level == Level.INFO && !events.bool()
                ? null
                : new LogOptions(directory, level, events.bool());
    }

    private static Duration others(Map<Option, GivenValue> all) throws UsageException {
        GivenValue others = value(all, Option.POLL_INTERVAL_OTHERS);
        Duration shortest = value(all, Option.POLL_INTERVAL).duration(SHORTEST_POLL, LONGEST_POLL, "from 100ms to 60s");
        return others.duration(shortest, LONGEST_POLL_OTHERS, "from poll-interval to 10m");
    }

    /** Null if it is off. */
    private static @Nullable Duration leftoverInterval(GivenValue value) throws UsageException {
        return value.isOff()
                ? null
                : value.duration(SHORTEST_LEFTOVER_INTERVAL, LONGEST_LEFTOVER_INTERVAL, "from 1s to 6h, or off");
    }

    private static boolean ownedOnly(GivenValue value) throws UsageException {
        if (!value.text().equals("all") && !value.text().equals("owned")) {
            throw value.invalid("all or owned");
        }
        return value.text().equals("owned");
    }

    /** Returns the state directory that an agent with these options uses. The parameters are those of {@link #parse}. */
    public Path stateDir(Map<Option, String> given, String origin) throws UsageException {
        return stateDir(value(collect(given, origin), Option.STATE_DIR));
    }

    /** True if somebody set the option. The parameters are those of {@link #parse}. */
    public boolean isGiven(Option option, Map<Option, String> given, String origin) throws UsageException {
        return !value(collect(given, origin), option).isDefault();
    }

    /** Returns what the options file says; empty if there is none. The parameters are those of {@link #parse}. */
    public Map<Option, String> inFile(Map<Option, String> given, String origin) throws UsageException {
        GivenValue config = lookUp(Option.CONFIG, given, origin, Map.of());
        return config.text().isEmpty() ? Map.of() : PropertiesFile.read(config.path());
    }

    private Map<Option, GivenValue> collect(Map<Option, String> given, String origin) throws UsageException {
        Option.requireKnownVariables(environment.keySet(), isWindows(operatingSystem));
        Map<Option, String> inFile = inFile(given, origin);
        Map<Option, GivenValue> all = new EnumMap<>(Option.class);
        for (Option option : Option.values()) {
            all.put(option, lookUp(option, given, origin, inFile));
        }
        return all;
    }

    /** Null if there is no door for this machine. */
    private static @Nullable String host(Map<Option, GivenValue> all) throws UsageException {
        GivenValue host = value(all, Option.HOST);
        if (!host.isOff()) {
            return host.host();
        }
        if (value(all, Option.REMOTE_HOST).isOff()) {
            throw new UsageException(
                    host + " closes the only door: no client could ask this agent over HTTP. Use remote-host"
                            + " too, or leave out host=off.");
        }
        return null;
    }

    /** A guest without such options must not load further classes. */
    private static @Nullable RemoteAccess remoteAccess(Map<Option, GivenValue> all) throws UsageException {
        return value(all, Option.REMOTE_HOST).isDefault()
                        && value(all, Option.REMOTE_PORT).isDefault()
                        && value(all, Option.USERS).isDefault()
                        && value(all, Option.TLS_KEYSTORE).isDefault()
                        && value(all, Option.TLS_PASSWORD_FILE).isDefault()
                        && value(all, Option.TLS_TRUST).isDefault()
                        && value(all, Option.PEERS).isDefault()
                ? null
                : RemoteOptions.of(all);
    }

    private static AnonymousAccess anonymous(GivenValue value) throws UsageException {
        return AnonymousAccess.of(value.text()).orElseThrow(() -> value.invalid("assess, read or health"));
    }

    static @Nullable Path optionalPath(GivenValue value) throws UsageException {
        return value.text().isEmpty() ? null : value.path();
    }

    static GivenValue value(Map<Option, GivenValue> all, Option option) {
        GivenValue value = all.get(option);
        if (value == null) {
            throw new IllegalStateException("no value for " + option.key());
        }
        return value;
    }

    private GivenValue lookUp(Option option, Map<Option, String> given, String origin, Map<Option, String> inFile) {
        String text = given.get(option);
        if (text != null) {
            return new GivenValue(option.key(), text, origin);
        }
        text = environment.get(option.variable());
        if (text != null) {
            return new GivenValue(option.key(), text.strip(), "environment variable " + option.variable());
        }
        text = inFile.get(option);
        return text != null
                ? new GivenValue(option.key(), text, "options file")
                : new GivenValue(option.key(), option.defaultValue(), "default");
    }

    private Backend backend(GivenValue value, boolean joins) throws UsageException {
        if (value.text().equals("simulated") || (joins && value.text().equals("auto"))) {
            return Backend.SIMULATED;
        }
        if (joins && value.text().equals("windows")) {
            throw new UsageException(value + " does not fit to simulated-join, which is for a simulated cluster;"
                    + " remove one of them.");
        }
        if (!value.text().equals("windows") && !value.text().equals("auto")) {
            throw value.invalid("windows, simulated or auto");
        }
        if (!isWindows(operatingSystem)) {
            throw new UsageException(value + " needs a node of a Windows failover cluster, but this system is "
                    + operatingSystem + ". To try the agent here, use backend=simulated.");
        }
        return Backend.WINDOWS;
    }

    private Path stateDir(GivenValue value) throws UsageException {
        if (value.isDefault()) {
            String programData = environment.get(PROGRAM_DATA);
            return isWindows(operatingSystem)
                    ? Path.of(programData == null ? "C:\\ProgramData" : programData, "csv-backup-agent")
                    : belowHome(Path.of(".local", "state", "csv-backup-agent"));
        }
        return value.path();
    }

    /** A relative home would depend on the host's working directory, which other accounts may control. */
    private Path belowHome(Path path) throws UsageException {
        if (!userHome.isAbsolute()) {
            throw new UsageException("The account that runs the agent has no home directory (Java's user.home is \""
                    + userHome + "\"), so there is no default state directory. Choose one with state-dir=DIR.");
        }
        return userHome.resolve(path);
    }

    private static Duration positive(GivenValue value) throws UsageException {
        return value.duration(Duration.ofMillis(1), Duration.ofDays(365), "greater than 0 and at most 8760h (a year)");
    }

    private static boolean isWindows(String operatingSystem) {
        return operatingSystem.startsWith("Windows");
    }
}
