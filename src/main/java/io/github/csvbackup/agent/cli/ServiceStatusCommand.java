package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.InstalledService;
import io.github.csvbackup.service.ServiceInstaller;
import io.github.csvbackup.text.OutsideText;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;

@Command(
        name = "status",
        description = "Prints the state of the service and its settings, and what the agent reports.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:running", "1:the command failed", "3:installed, not running", "4:not installed"})
final class ServiceStatusCommand implements Callable<Integer> {
    private final CommandContext context;

    ServiceStatusCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws StartException {
        return ServiceCommand.manage(context, (manager, controller) -> {
            InstalledService found = new ServiceInstaller(manager, AgentService.NAME).find();
            PrintStream out = context.out();
            if (found == null) {
                out.println("The service " + AgentService.NAME + " is not installed.");
                return ServiceCommand.NOT_INSTALLED;
            }
            boolean running = found.state().isRunning();
            out.println("The service " + AgentService.NAME + " is "
                    + found.state().name()
                    + (found.state().processId() == 0
                            ? ""
                            : ", process " + found.state().processId())
                    + (found.state().end().isEmpty() ? "" : "; " + found.state().end()) + ".");
            out.println("Account: " + OutsideText.printable(found.account()));
            out.println("Command: " + OutsideText.printable(found.commandLine()));
            String failure = ServiceFailure.of(found).text();
            if (!running && !failure.isEmpty()) {
                out.println("The last start failed: " + failure);
            }
            if (running) {
                ask(found, out);
            }
            return running ? ExitCode.OK : ServiceCommand.INSTALLED_AND_NOT_RUNNING;
        });
    }

    private void ask(InstalledService service, PrintStream out) {
        try {
            // The service does not get the variables of this console.
            Options options = context.options()
                    .withoutVariables()
                    .parse(ServiceOptions.of(service.commandLine()).values(), ServiceOptions.ORIGIN);
            new ServiceAnswers(options).print(out);
        } catch (UsageException e) {
            out.println("The agent cannot be asked: " + e.getMessage());
        }
    }
}
