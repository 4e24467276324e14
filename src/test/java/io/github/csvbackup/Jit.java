package io.github.csvbackup;

import java.util.List;

/** The compilers of a JVM that a test starts. */
public final class Jit {
    /** For a life of seconds, in which the second compiler would take up to half of the CPU time. */
    public static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

    /** As a user's JVM, for tests under load. */
    public static final String ALL_COMPILERS = "-XX:TieredStopAtLevel=4";

    private Jit() {}

    /** For an agent with these options. The second compiler makes the check of a password six times as fast. */
    public static String of(List<String> options) {
        return options.stream().anyMatch(option -> option.contains("users=")) ? ALL_COMPILERS : FIRST_COMPILER;
    }
}
