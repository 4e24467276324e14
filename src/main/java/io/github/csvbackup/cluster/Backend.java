package io.github.csvbackup.cluster;

/** The source of the cluster. */
public enum Backend {
    /** The cluster that this Windows node belongs to. */
    WINDOWS,
    /** A cluster in memory, for demonstrations and tests, without a real one behind it. */
    SIMULATED;

    /** The option's value: {@code windows} or {@code simulated}. */
    public String optionValue() {
        return this == WINDOWS ? "windows" : "simulated";
    }
}
