package io.github.csvbackup.agent.options;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.security.AnonymousAccess;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Gathers the options from where they stand. Command line or agent arguments win over environment, file and default. */
public final class OptionsParser {
    private static final Duration SHORTEST_CLEAR = Duration.ofSeconds(5);
    private static final Duration LONGEST_CLEAR = Duration.ofMinutes(10);
    private static final Duration SHORTEST_POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(60);

    private static final int MOST_AUDIT_FILES = 10_000;

    private final Environment environment;
    private final String operatingSystem;
    private final Path userHome;

    /** One variable's value, or null; on Windows the names' case must not matter, which a map of all variables does not give. */
    public interface Environment extends UnaryOperator<@Nullable String> {}

    public OptionsParser(Environment environment, String operatingSystem, Path userHome) {
        this.environment = environment;
        this.operatingSystem = operatingSystem;
        this.userHome = userHome;
    }

    /** For this machine and this user. */
    public static OptionsParser ofThisMachine() {
        return new OptionsParser(
                name -> name == null ? null : System.getenv(name),
                System.getProperty("os.name", ""),
                home(System.getProperty("user.home", "")));
    }

    /** Java shows a home that the system does not tell as "?", which is not a path on Windows. */
    private static Path home(String property) {
        try {
            return Path.of(property);
        } catch (InvalidPathException e) {
            return Path.of("");
        }
    }

    /**
     * Splits agent arguments. A comma always separates, so a value that holds one belongs into the options file.
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
                throw new UsageException(
                        "'" + part.strip() + "' (agent arguments) is not key=value; commas separate options,"
                                + " so a value that holds a comma belongs into the file that the option config names.");
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
     * The checked options.
     *
     * @param given what the command line or the agent arguments say
     * @param origin what to call that in messages
     * @throws UsageException names the option, the value, where it stands and what is allowed
     */
    public Options parse(Map<Option, String> given, String origin) throws UsageException {
        Value config = lookUp(Option.CONFIG, given, origin, Map.of());
        Path file = config.text().isEmpty() ? null : config.path();
        Map<Option, String> inFile = file == null ? Map.of() : PropertiesFile.read(file);
        Map<Option, Value> all = new EnumMap<>(Option.class);
        for (Option option : Option.values()) {
            all.put(option, lookUp(option, given, origin, inFile));
        }
        return new Options(
                backend(value(all, Option.BACKEND)),
                value(all, Option.HOST).host(),
                value(all, Option.PORT).number(0, 65535),
                remoteAccess(all),
                stateDir(value(all, Option.STATE_DIR)),
                value(all, Option.POLL_INTERVAL).duration(SHORTEST_POLL, LONGEST_POLL, "from 100ms to 60s"),
                positive(value(all, Option.STALE_AFTER)),
                positive(value(all, Option.QUIET_TIME)),
                value(all, Option.CLEAR_DEADLINE).duration(SHORTEST_CLEAR, LONGEST_CLEAR, "from 5s to 10m"),
                value(all, Option.ALLOW_FORCE).bool(),
                new AuditOptions(
                        value(all, Option.AUDIT_STRICT).bool(),
                        value(all, Option.AUDIT_KEEP).numberOrAll(1, MOST_AUDIT_FILES)),
                value(all, Option.SIMULATED_NODES).number(1, 64),
                value(all, Option.SIMULATED_VOLUMES).number(1, 1000));
    }

    private static RemoteAccess remoteAccess(Map<Option, Value> all) throws UsageException {
        return new RemoteAccess(
                optionalPath(value(all, Option.USERS)),
                optionalPath(value(all, Option.TLS_KEYSTORE)),
                optionalPath(value(all, Option.TLS_PASSWORD_FILE)),
                anonymous(value(all, Option.ANONYMOUS)));
    }

    private static AnonymousAccess anonymous(Value value) throws UsageException {
        return AnonymousAccess.of(value.text()).orElseThrow(() -> value.notAllowed("assess, read or health"));
    }

    private static @Nullable Path optionalPath(Value value) throws UsageException {
        return value.text().isEmpty() ? null : value.path();
    }

    private static Value value(Map<Option, Value> all, Option option) {
        Value value = all.get(option);
        if (value == null) {
            throw new IllegalStateException("no value for " + option.key());
        }
        return value;
    }

    private Value lookUp(Option option, Map<Option, String> given, String origin, Map<Option, String> inFile) {
        String text = given.get(option);
        if (text != null) {
            return new Value(option, text, origin);
        }
        text = environment.apply(option.variable());
        if (text != null) {
            return new Value(option, text.strip(), "environment variable " + option.variable());
        }
        text = inFile.get(option);
        return text != null
                ? new Value(option, text, "options file")
                : new Value(option, option.defaultValue(), "default");
    }

    private Backend backend(Value value) throws UsageException {
        return switch (value.text()) {
            case "simulated" -> Backend.SIMULATED;
            case "windows" -> {
                if (!isWindows()) {
                    throw new UsageException(
                            "backend=windows (" + value.origin() + ") needs a Windows cluster node, and this is "
                                    + operatingSystem
                                    + ": it calls ClusAPI.dll and ResUtils.dll. Use backend=simulated to try the"
                                    + " agent here.");
                }
                yield Backend.WINDOWS;
            }
            case "auto" -> {
                if (!isWindows()) {
                    throw new UsageException("A backend must be chosen: backend=auto (" + value.origin()
                            + ") finds a cluster only on Windows, and this is " + operatingSystem
                            + ". Use backend=simulated to try the agent here.");
                }
                yield Backend.WINDOWS;
            }
            default -> throw value.notAllowed("windows, simulated or auto");
        };
    }

    private Path stateDir(Value value) throws UsageException {
        if (value.origin().equals("default")) {
            String programData = environment.apply("ProgramData");
            return isWindows()
                    ? Path.of(programData == null ? "C:\\ProgramData" : programData, "csv-backup-agent")
                    : belowHome(Path.of(".local", "state", "csv-backup-agent"));
        }
        return value.path();
    }

    /** Anything else would be a place that depends on where the host was started, and others may have made it. */
    private Path belowHome(Path path) throws UsageException {
        if (!userHome.isAbsolute()) {
            throw new UsageException("The account that runs the agent has no home directory (Java's user.home is \""
                    + userHome + "\"), so there is no default state directory. Choose one with state-dir=DIR.");
        }
        return userHome.resolve(path);
    }

    private static Duration positive(Value value) throws UsageException {
        return value.duration(Duration.ofMillis(1), Duration.ofDays(365), "above 0 and no longer than a year (8760h)");
    }

    private boolean isWindows() {
        return operatingSystem.startsWith("Windows");
    }

    /** One option's text and where it stands. */
    private record Value(Option option, String text, String origin) {
        UsageException notAllowed(String allowed) {
            return new UsageException(
                    option.key() + "=" + text + " (" + origin + ") is not allowed; allowed is " + allowed + ".");
        }

        /** 0 stands for all. */
        int numberOrAll(int least, int most) throws UsageException {
            return text.equals("all") ? 0 : number(least, most, "all, or a whole number from " + least + " to " + most);
        }

        int number(int least, int most) throws UsageException {
            return number(least, most, "a whole number from " + least + " to " + most);
        }

        private int number(int least, int most, String allowed) throws UsageException {
            // Integer.parseInt also takes a sign and the digits of other scripts.
            if (text.isEmpty() || text.length() > 9 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw notAllowed(allowed);
            }
            int number = Integer.parseInt(text);
            if (number < least || number > most) {
                throw notAllowed(allowed);
            }
            return number;
        }

        Duration duration(Duration least, Duration most, String range) throws UsageException {
            Duration duration = DurationText.parse(text).orElse(null);
            if (duration == null || duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
                throw notAllowed("a time " + range + ", written as 500ms, 10s, 30m or 2h");
            }
            return duration;
        }

        boolean bool() throws UsageException {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw notAllowed("true or false");
            };
        }

        String host() throws UsageException {
            if (text.isEmpty() || text.chars().anyMatch(c -> c <= ' ' || c == '/' || c == '[' || c == ']')) {
                throw notAllowed(
                        "an address or a host name without scheme, port and brackets, such as 127.0.0.1 or ::1");
            }
            return text;
        }

        Path path() throws UsageException {
            try {
                if (!text.isEmpty()) {
                    return Path.of(text).toAbsolutePath().normalize();
                }
            } catch (InvalidPathException e) {
                throw new UsageException(
                        option.key() + "=" + text + " (" + origin + ") is no path on this system: " + e.getReason()
                                + ".",
                        e);
            }
            throw notAllowed("a path");
        }
    }
}
