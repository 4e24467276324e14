package io.github.csvbackup.service;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the service, as the service manager keeps them. It starts automatically, after the other services, and depends on none: the Cluster
 * service may come later.
 *
 * @param commandLine the program and its arguments
 * @param account null: LocalSystem for a new service, and the same account as before for an existing one
 * @param restartDelays until the restarts after the first, second and each further failure
 * @param failuresForgottenAfter the time without a failure after which the next one counts as the first
 * @param restartAfterErrorCode whether an end with an error code is a failure, too, and not only the end of the process
 * @param preshutdown how long Windows waits for the service when it shuts down
 */
public record ServiceSettings(
        String commandLine,
        @Nullable String account,
        String displayName,
        String description,
        boolean delayedStart,
        List<Duration> restartDelays,
        Duration failuresForgottenAfter,
        boolean restartAfterErrorCode,
        Duration preshutdown) {

    /** The settings of the agent's service. */
    public static ServiceSettings ofAgent(String commandLine, @Nullable String account) {
        return new ServiceSettings(
                commandLine,
                account,
                AgentService.DISPLAY_NAME,
                AgentService.DESCRIPTION,
                true,
                List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5)),
                Duration.ofDays(1),
                true,
                Duration.ofMinutes(1));
    }
}
