package io.github.csvbackup.agent.cli;

import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.ServiceState;
import java.nio.file.Path;

/** What the tests of the commands of an installed service have. */
abstract class WithInstalledService extends WithServiceSystem {
    static final ServiceState RUNNING = new ServiceState(ServiceState.RUNNING, 0, 0, 42);

    Path state() {
        return folder.resolve("state");
    }

    void installed(ServiceState state, String... options) {
        system.manager.put(
                AgentService.NAME,
                "\"java.exe\" -jar " + system.jar() + " service run --backend=simulated --state-dir=" + state() + " "
                        + String.join(" ", options),
                "LocalSystem",
                state);
    }
}
