package io.github.csvbackup.service;

/**
 * A service that the service manager knows.
 *
 * @param account such as {@code LocalSystem}
 */
public record InstalledService(String commandLine, String account, String displayName, ServiceState state) {}
