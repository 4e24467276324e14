package io.github.csvbackup.clear;

import io.github.csvbackup.security.Role;

/**
 * Who makes a request.
 *
 * @param role the caller's rights
 * @param principal the person's or token's name
 * @param surface {@code http} or {@code jmx}
 * @param remoteAddress where the request came from; empty inside the JVM
 */
public record Caller(Role role, String principal, String surface, String remoteAddress) {}
