package io.github.csvbackup.agent.options;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The options, with the same names on the command line, in agent arguments, in the properties file and in the environment. */
public enum Option {
    CONFIG("config", "FILE", "", "a properties file with any of these options"),
    BACKEND(
            "backend",
            "NAME",
            "auto",
            "where the cluster comes from: windows, simulated, or auto, which is windows on Windows"),
    HOST("host", "ADDRESS", "127.0.0.1", "the address to listen on"),
    PORT("port", "NUMBER", "8778", "the port to listen on; 0 takes any free one"),
    USERS(
            "users",
            "FILE",
            "",
            "who may ask, with passwords; off loopback needed\n(the command user makes a line of it)"),
    ANONYMOUS("anonymous", "LEVEL", "assess", """
            what others on this machine may do without
            credentials: health (/healthz only), read, or
            assess (read, assess and refresh)"""),
    TLS_KEYSTORE("tls-keystore", "FILE", "", "certificate and key, PKCS #12 (.pfx, .p12);\noff loopback needed"),
    TLS_PASSWORD_FILE("tls-password-file", "FILE", "", "a file that holds the password of tls-keystore"),
    STATE_DIR("state-dir", "DIR", "", """
            where the agent keeps token, lock, audit and
            JNA's library; unless given it is
            %ProgramData%\\csv-backup-agent on Windows and
            ~/.local/state/csv-backup-agent elsewhere, where ~
            is the account's home, whatever $HOME says"""),
    POLL_INTERVAL("poll-interval", "TIME", "10s", "from one look at the cluster to the next, 100ms to 60s"),
    STALE_AFTER("stale-after", "TIME", "30m", "a backup state that is set for longer is stale"),
    QUIET_TIME("quiet-time", "TIME", "3m", "how long VSS and swprv must have been seen stopped on each node"),
    CLEAR_DEADLINE("clear-deadline", "TIME", "60s", "how long the native clear may take, 5s to 10m"),
    ALLOW_FORCE("allow-force", "BOOL", "false", "whether forceClear may overrule the guard: true or false"),
    AUDIT_STRICT(
            "audit-strict",
            "BOOL",
            "false",
            "whether nothing is cleared after somebody else\nchanged the audit: true or false"),
    AUDIT_KEEP(
            "audit-keep",
            "NUMBER",
            "all",
            "how many files of the audit that were set aside\nat 16 MB stay: all, or a number from 1 to 10000"),
    SIMULATED_NODES("simulated-nodes", "NUMBER", "3", "nodes of the simulated cluster, 1 to 64"),
    SIMULATED_VOLUMES("simulated-volumes", "NUMBER", "3", "volumes of the simulated cluster, 1 to 1000");

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

    /** The name in agent arguments and properties files; with two dashes before it on the command line. */
    public String key() {
        return key;
    }

    /** What stands for the value in the help. */
    public String valueLabel() {
        return valueLabel;
    }

    /** Empty where the default depends on the machine. */
    public String defaultValue() {
        return defaultValue;
    }

    public String description() {
        return description;
    }

    /** The environment variable's name. */
    String variable() {
        return "CSV_BACKUP_" + name();
    }

    public static Optional<Option> of(String key) {
        for (Option option : values()) {
            if (option.key.equals(key)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    /** The option of that key, or an exception that suggests the nearest. */
    static Option named(String key, String origin) throws UsageException {
        return of(key).orElseThrow(() -> unknown(key, origin));
    }

    /** What to say of a key that is no option's. */
    public static UsageException unknown(String key, String origin) {
        String hint = nearest(key)
                .map(option -> "did you mean '" + option.key + "'?")
                .orElseGet(() -> "there are "
                        + Arrays.stream(values()).map(Option::key).collect(Collectors.joining(", ")) + ".");
        return new UsageException("Unknown option '" + key + "' (" + origin + "); " + hint);
    }

    /** The one that was probably meant; empty if none is like it. */
    private static Optional<Option> nearest(String key) {
        String wanted = key.toLowerCase(Locale.ROOT).replace('_', '-');
        Optional<Option> best = Optional.empty();
        int bestDistance = Math.max(2, wanted.length() / 2) + 1;
        for (Option option : values()) {
            // A beginning is a better sign than a likeness: stale means stale-after, and not host.
            int distance = !wanted.isEmpty() && option.key.startsWith(wanted) ? 0 : distance(wanted, option.key);
            if (distance < bestDistance) {
                best = Optional.of(option);
                bestDistance = distance;
            }
        }
        return best;
    }

    /** The number of insertions, deletions and replacements from one to the other (Levenshtein). */
    private static int distance(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[to.length()];
    }
}
