package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.ServiceException;
import io.github.csvbackup.service.ServiceRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** The service itself. Wrong options must reach the service manager as a failed start, so this parses none itself. */
@Command(name = "run", hidden = true, description = "Runs the service; only Windows' service manager can start this.")
final class ServiceRunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceRunCommand.class);

    private final CommandContext context;

    @Unmatched
    private List<String> arguments = new ArrayList<>();

    ServiceRunCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws StartException {
        ServiceFailure failure =
                ServiceFailure.at(ServiceOptions.stateDirIn(arguments).orElse(""));
        ServiceWork work = new ServiceWork(context, arguments, failure);
        ServiceRun run = new ServiceRun(work, context.services().times());
        try {
            context.services().host(failure.stateDir()).run(AgentService.NAME, run);
        } catch (ServiceException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        } catch (StartException | RuntimeException | Error e) {
            // Without JNA, or with a broken one: the service manager gives up after a while, and nothing else would say
            // why.
            work.records(e).forEach(ServiceRunCommand::tryTo);
            throw e;
        }
        return run.exitCode();
    }

    /** What is broken may be what a record needs; the others must still be written. */
    private static void tryTo(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            LOG.debug("A failed start is not recorded everywhere", e);
        }
    }
}
