package io.github.csvbackup.guard;

/**
 * One check of an assessment.
 *
 * @param name what was checked, such as {@code vss-stopped NODE2}
 * @param seen what was seen: a sentence without a full stop
 * @param remedy what to do about it: a sentence; empty if there is nothing to do
 */
public record Check(String name, CheckResult result, String seen, String remedy) {}
