package io.github.csvbackup.bench.nothing;

/** The smallest agent. What it costs a host, every agent costs. */
public final class NothingAgent {
    private NothingAgent() {}

    /** The JVM calls it before main. */
    public static void premain(String arguments) {}
}
