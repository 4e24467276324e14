package io.github.csvbackup.agent.options;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The options. Their names are the same on the command line, in agent arguments, in the options file and in the environment. */
public enum Option {
    CONFIG("config", "FILE", "", "options file: lines of the form key=value"),
    BACKEND(
            "backend",
            "NAME",
            "auto",
            "where the cluster data comes from: windows, simulated, or auto (windows, on Windows)"),
    HOST("host", "ADDRESS", "127.0.0.1", "loopback address to listen on for this machine, with plain HTTP; or off"),
    PORT("port", "NUMBER", "8778", "port of host; 0: a free port"),
    ANONYMOUS(
            "anonymous",
            "LEVEL",
            "assess",
            "access from this machine without credentials: health (/healthz only), read, or assess (read, "
                    + "assess, explain and refresh)"),
    REMOTE_HOST(
            "remote-host",
            "ADDRESS",
            "off",
            "address to listen on for other machines, with HTTPS, such as 0.0.0.0; needs tls-keystore, and "
                    + "users or tls-trust"),
    REMOTE_PORT("remote-port", "NUMBER", "8779", "port of remote-host; 0: a free port"),
    USERS("users", "FILE", "", "users file, with the passwords for remote-host (the command user creates its lines)"),
    TLS_KEYSTORE("tls-keystore", "FILE", "", "certificate and key for remote-host, PKCS #12 (.pfx, .p12) or PEM"),
    TLS_PASSWORD_FILE("tls-password-file", "FILE", "", "file that contains the password of tls-keystore"),
    TLS_TRUST(
            "tls-trust",
            "FILE",
            "",
            "certificates of authorities, PEM: remote-host then also accepts the certificates of the other nodes"),
    PEERS(
            "peers",
            "WHERE",
            "",
            "agents of other nodes to ask for evidence, if not at https://NODE.DOMAIN:remote-port/, as "
                    + "NODE=https://HOST:PORT/ or NODE=off, separated by commas; off: ask none (default: ask all, if "
                    + "tls-trust is set)"),
    STATE_DIR(
            "state-dir",
            "DIR",
            "",
            "directory for token, lock, audit and JNA's native library (default: "
                    + "%ProgramData%\\csv-backup-agent on Windows, ~/.local/state/csv-backup-agent elsewhere; ~ is the "
                    + "home of the account, not $HOME)"),
    POLL_INTERVAL("poll-interval", "TIME", "10s", "time between polls, 100ms to 60s"),
    POLL_INTERVAL_OTHERS(
            "poll-interval-others",
            "TIME",
            "60s",
            "time between reads of volumes that other nodes own and that have no backup state; at least "
                    + "poll-interval, at most 10m"),
    METRICS_VOLUMES(
            "metrics-volumes",
            "WHICH",
            "all",
            "volumes that have metrics: all, or owned (those that this node owns; needs an agent on each node)"),
    STALE_AFTER("stale-after", "TIME", "30m", "age at which a backup state is stale"),
    QUIET_TIME("quiet-time", "TIME", "3m", "how long VSS and swprv must be stopped on every node before a clear"),
    LEFTOVER_INTERVAL(
            "leftover-interval",
            "TIME",
            "15m",
            "time between questions to this node's Hyper-V for what failed backups left behind, 1s to 6h; or off"),
    LEFTOVER_AFTER(
            "leftover-after",
            "TIME",
            "24h",
            "age at which a recovery checkpoint, a shadow copy or a machine's backup is left over"),
    CLEAR_DEADLINE("clear-deadline", "TIME", "60s", "timeout of a native clear, 5s to 10m"),
    ALLOW_FORCE("allow-force", "BOOL", "false", "allow forceClear to override the guard: true or false"),
    AUDIT_STRICT(
            "audit-strict",
            "BOOL",
            "false",
            "clear nothing after something other than the agent changed the audit: true or false"),
    AUDIT_KEEP(
            "audit-keep",
            "NUMBER",
            "all",
            "how many rotated audit files (16 MB each) to keep: all, or a number from 1 to 10000"),
    LOG_DIR(
            "log-dir",
            "DIR",
            "",
            "directory for log files: agent.log and four older ones, 10 MB each (default: none, only stderr)"),
    LOG_LEVEL("log-level", "LEVEL", "info", "lowest level that is logged: error, warn, info, debug or trace"),
    EVENT_LOG(
            "event-log",
            "BOOL",
            "false",
            "also write events to the Windows event log, source CsvBackupAgent: true or false"),
    SIMULATED_NODES("simulated-nodes", "NUMBER", "3", "simulated nodes, 1 to 64"),
    SIMULATED_VOLUMES("simulated-volumes", "NUMBER", "3", "simulated volumes, 1 to 1000"),
    SIMULATED_REMOTE_ACCESS(
            "simulated-remote-access",
            "BOOL",
            "true",
            "the account of this agent may ask the services and shadow copies of other simulated nodes: true "
                    + "or false (as LocalSystem)"),
    SIMULATED_JOIN(
            "simulated-join",
            "URL",
            "",
            "be a node of the simulated cluster that another agent holds, such as http://127.0.0.1:8778; "
                    + "needs node and simulated-token-file"),
    NODE("node", "NAME", "", "with simulated-join: the node that this agent is, such as NODE2"),
    SIMULATED_TOKEN_FILE(
            "simulated-token-file",
            "FILE",
            "",
            "with simulated-join: the file of the operator's token of the other agent");

    static final String VARIABLE_PREFIX = "CSV_BACKUP_";

    private final String key;
    private final String valueLabel;
    private final String defaultValue;
    private final String description;

    Option(String key, String valueLabel, String defaultValue, String description) {
        this.key = key;
        this.valueLabel = valueLabel;
        this.defaultValue = defaultValue;
        this.description = description;
    }

    /** The name in agent arguments and options files; the command line has two dashes before it. */
    public String key() {
        return key;
    }

    /** The placeholder for the value in the help. */
    public String valueLabel() {
        return valueLabel;
    }

    /** Empty if there is none, or if it depends on the machine. */
    public String defaultValue() {
        return defaultValue;
    }

    public String description() {
        return description;
    }

    /** The environment variable's name. */
    String variable() {
        return VARIABLE_PREFIX + name();
    }

    /** Returns the option with this key; the exception suggests the nearest one. */
    static Option named(String key, String origin) throws UsageException {
        if (key.startsWith("--")) {
            throw new UsageException("'" + key + "' (" + origin + ") begins with '--'; leave out the '--'.");
        }
        for (Option option : values()) {
            if (option.key.equals(key)) {
                return option;
            }
        }
        List<String> keys = Arrays.stream(values()).map(Option::key).toList();
        throw new UsageException("Unknown option '" + key + "' (" + origin + "); " + Suggestion.of("", key, keys));
    }

    /**
     * All variables with our prefix are ours, so one without an option is a typing error.
     *
     * @throws UsageException names the first one and suggests the nearest
     */
    static void requireKnownVariables(Set<String> variables, boolean ignoreCase) throws UsageException {
        String unknown = null;
        for (String name : variables) {
            if (name.regionMatches(true, 0, VARIABLE_PREFIX, 0, VARIABLE_PREFIX.length())
                    && !isVariable(name, ignoreCase)
                    && (unknown == null || name.compareTo(unknown) < 0)) {
                unknown = name;
            }
        }
        if (unknown != null) {
            throw unknownVariable(unknown);
        }
    }

    private static boolean isVariable(String name, boolean ignoreCase) {
        for (Option option : values()) {
            String known = option.variable();
            if (ignoreCase ? known.equalsIgnoreCase(name) : known.equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static UsageException unknownVariable(String variable) {
        List<String> names = Arrays.stream(values()).map(Option::name).toList();
        String typed = variable.substring(VARIABLE_PREFIX.length());
        return new UsageException(
                "Unknown environment variable '" + variable + "'; " + Suggestion.of(VARIABLE_PREFIX, typed, names));
    }
}
