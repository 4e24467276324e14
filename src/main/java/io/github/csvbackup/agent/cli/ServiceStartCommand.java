package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.service.InstalledService;
import io.github.csvbackup.service.ServiceState;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

@Command(name = "start", description = "Starts the service, and waits until the agent runs or has failed.")
final class ServiceStartCommand implements Callable<Integer> {
    private final CommandContext context;

    ServiceStartCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws StartException {
        return ServiceCommand.manage(context, (manager, controller) -> {
            InstalledService service = controller.require();
            if (!service.state().isRunning()) {
                ServiceFailure.of(service).forget();
            }
            @Nullable ServiceState state = controller.start();
            if (state == null) {
                context.out().println("The service is already running.");
                return ExitCode.OK;
            }
            if (state.isRunning()) {
                context.out().println("The service is running, process " + state.processId() + ".");
                return ExitCode.OK;
            }
            String reason = ServiceFailure.of(service).text();
            throw new StartException("The service did not start: "
                    + (reason.isEmpty()
                            ? why(state) + ". Run its command in a console to see why; service status shows it."
                            : reason));
        });
    }

    private static String why(ServiceState state) {
        if (!state.isStopped()) {
            return "it is " + state.name();
        }
        return state.end().isEmpty() ? "it stopped again, without an error" : state.end();
    }
}
