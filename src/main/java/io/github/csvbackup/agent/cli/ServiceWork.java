package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.Agent;
import io.github.csvbackup.agent.FailedStart;
import io.github.csvbackup.agent.LocalTime;
import io.github.csvbackup.agent.log.AgentLog;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.service.ServiceRun;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agent as the work of the service. It prints nothing: a service has no console. */
final class ServiceWork implements ServiceRun.Work {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceWork.class);

    private final CommandContext context;
    private final List<String> arguments;
    private final ServiceFailure failure;

    ServiceWork(CommandContext context, List<String> arguments, ServiceFailure failure) {
        this.context = context;
        this.arguments = arguments;
        this.failure = failure;
    }

    @Override
    public AutoCloseable start() throws StartException {
        Agent agent = Agent.start(
                context.options().parse(ServiceOptions.parse(arguments).values(), ServiceOptions.ORIGIN),
                context.windows(),
                LocalTime.OF_THIS_JVM);
        LOG.info("{}", agent.announcement());
        return agent;
    }

    @Override
    public void started() {
        failure.forget();
    }

    @Override
    public int code(@Nullable Throwable cause) {
        return cause == null
                ? ServiceRun.START_TIMED_OUT
                : cause instanceof UsageException ? ServiceRun.WRONG_OPTIONS : ServiceRun.START_FAILED;
    }

    /** The event log first: with the usual options it needs no disk of ours. */
    @Override
    public List<Runnable> records(@Nullable Throwable cause) {
        FailedStart failed = cause == null
                ? new FailedStart(
                        "The start takes too long. A call to the cluster may hang; Windows starts the service again.",
                        null)
                : FailedStart.of(cause);
        return List.of(
                () -> {
                    if (ServiceOptions.eventsIn(arguments, context.options())) {
                        failed.toEventLog(context.services()::events);
                    }
                },
                () -> failure.write(failed.sentence()),
                () -> failed.toFile(ServiceOptions.logDirIn(arguments, context.options())));
    }

    @Override
    public void notStopped(@Nullable Throwable cause) {
        if (cause == null) {
            LOG.warn(
                    "The service ends although the agent has not stopped completely: a call to the cluster hangs. A clear"
                            + " that was interrupted is reported at the next start.");
        } else {
            LOG.warn("The service ends although the agent did not stop cleanly", cause);
        }
        AgentLog.flush();
    }
}
