package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.ServiceController;
import io.github.csvbackup.service.ServiceException;
import io.github.csvbackup.service.ServiceManager;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

/** The commands of the Windows service; each is a class of its own. */
@Command(
        name = ServiceCommand.NAME,
        description = {
            "Runs the agent as a Windows service: install, start, stop, status, uninstall.",
            "Run these commands as an administrator. 'service install --help' lists the options."
        },
        synopsisSubcommandLabel = "install|uninstall|start|stop|status")
final class ServiceCommand implements Callable<Integer> {
    static final String NAME = "service";

    /** The exit codes of {@code service status}. */
    static final int INSTALLED_AND_NOT_RUNNING = 3;

    static final int NOT_INSTALLED = 4;

    static CommandLine commandLine(CommandContext context) {
        CommandLine line = new CommandLine(new ServiceCommand());
        line.addSubcommand(ServiceInstallCommand.spec(context));
        line.addSubcommand(new ServiceUninstallCommand(context));
        line.addSubcommand(new ServiceStartCommand(context));
        line.addSubcommand(new ServiceStopCommand(context));
        line.addSubcommand(new ServiceStatusCommand(context));
        line.addSubcommand(new ServiceRunCommand(context));
        return line;
    }

    @Override
    public Integer call() throws UsageException {
        throw new UsageException("Choose what to do: service install, uninstall, start, stop or status.");
    }

    /** A step that uses the service manager. */
    @FunctionalInterface
    interface Step {
        int with(ServiceManager manager, ServiceController controller) throws ServiceException, StartException;
    }

    /** Runs the step; a failure of the service manager is the failure of the command. */
    static int manage(CommandContext context, Step step) throws StartException {
        ServiceManager manager = context.services().manager();
        try {
            return step.with(
                    manager,
                    new ServiceController(
                            manager, AgentService.NAME, context.services().waiting()));
        } catch (ServiceException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    @Command(name = "stop", description = "Stops the service, and waits until its process has ended.")
    static final class ServiceStopCommand implements Callable<Integer> {
        private final CommandContext context;

        ServiceStopCommand(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() throws StartException {
            return manage(context, (manager, controller) -> {
                context.out()
                        .println(controller.stop() ? "The service has stopped." : "The service is already stopped.");
                return ExitCode.OK;
            });
        }
    }
}
