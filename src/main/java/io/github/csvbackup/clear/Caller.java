package io.github.csvbackup.clear;

/**
 * Who asks.
 *
 * @param role {@code reader} or {@code operator}
 * @param principal the person's or token's name
 * @param surface {@code http} or {@code jmx}
 * @param remoteAddress where the request came from; empty inside the JVM
 */
public record Caller(String role, String principal, String surface, String remoteAddress) {
    /** The role that may clear. */
    public static final String OPERATOR = "operator";
}
