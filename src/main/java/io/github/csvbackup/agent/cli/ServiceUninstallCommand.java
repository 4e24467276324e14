package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.service.AgentAccount;
import io.github.csvbackup.service.InstalledService;
import io.github.csvbackup.service.RuntimeCopy;
import io.github.csvbackup.service.ServiceCommandLine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

@Command(
        name = "uninstall",
        description = {
            "Stops the service and removes it, also the copies of Java that it made.",
            "The state directory stays, with the audit."
        })
final class ServiceUninstallCommand implements Callable<Integer> {
    private final CommandContext context;

    ServiceUninstallCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws StartException {
        return ServiceCommand.manage(context, (manager, controller) -> {
            InstalledService removed = controller.uninstall();
            if (removed == null) {
                context.out().println("The service is not installed.");
                return ExitCode.OK;
            }
            ServiceFailure.of(removed).forget();
            unregisterEvents();
            context.out()
                    .println("The service has been removed. Its state directory stays: "
                            + ServiceOptions.of(removed.commandLine()).stateDir());
            if (!removed.account().equalsIgnoreCase(AgentAccount.LOCAL_SYSTEM)) {
                context.out()
                        .println("The account " + removed.account()
                                + " keeps the right to log on as a service; other services may need it.");
            }
            ServiceCommandLine.jarIn(removed.commandLine())
                    .map(Path::getParent)
                    .ifPresent(folder -> deleteCopies(new RuntimeCopy(folder)));
            return ExitCode.OK;
        });
    }

    private void unregisterEvents() {
        try {
            context.services().unregisterEvents();
        } catch (IOException e) {
            context.out().println("The source of its events in the Windows event log stays: " + e.getMessage());
        }
    }

    private void deleteCopies(RuntimeCopy copies) {
        for (Path copy : copies.deleteExcept(List.of())) {
            context.out()
                    .println("The copy of Java in " + copy
                            + " is in use and stays. Delete it when nothing uses it, such as this command.");
        }
    }
}
