package io.github.csvbackup.cluster;

/** Where the cluster comes from. */
public enum Backend {
    /** The cluster that this Windows node belongs to. */
    WINDOWS,
    /** A cluster in memory, for demonstrations and tests; nothing real is behind it. */
    SIMULATED;

    /** The option's value: {@code windows} or {@code simulated}. */
    public String optionValue() {
        return this == WINDOWS ? "windows" : "simulated";
    }
}
