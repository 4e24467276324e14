package io.github.csvbackup.agent;

import io.github.csvbackup.agent.log.AgentLog;
import io.github.csvbackup.agent.options.GivenValue;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.management.LogControl;
import java.util.Locale;

/** Lets operators change the level of the log while the agent runs. */
final class LogLevels implements LogControl {
    @Override
    public String level() {
        return AgentLog.level().toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public void change(String level, Caller by) {
        try {
            AgentLog.level(
                    new GivenValue("LogLevel", level).level(),
                    by.principal() + " through " + by.surface()
                            + (by.remoteAddress().isEmpty() ? "" : " from " + by.remoteAddress()));
        } catch (UsageException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
