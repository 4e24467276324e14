package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.InstalledService;
import io.github.csvbackup.service.ServiceState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the tests of {@code service install} have. */
abstract class WithServiceInstall extends WithServiceSystem {
    static final ServiceState STOPPED = new ServiceState(ServiceState.STOPPED, 0, 0, 0);

    static final ServiceState RUNNING = new ServiceState(ServiceState.RUNNING, 0, 0, 42);

    Path state() {
        return folder.resolve("my state");
    }

    /** With a free port, so that a busy one of the machine does not matter. */
    int install(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("service", "install", "--backend=simulated", "--state-dir=" + state()));
        if (Stream.of(options).noneMatch(option -> option.startsWith("--port="))) {
            arguments.add("--port=0");
        }
        arguments.addAll(List.of(options));
        return cli.execute(arguments.toArray(String[]::new));
    }

    InstalledService service() {
        return system.manager.service(AgentService.NAME);
    }

    /** One line, exit code 1, and no trace of an installation. */
    void assertNothingDone(int exitCode, String message) throws IOException {
        assertThat(exitCode).as(cli.err()).isEqualTo(1);
        assertThat(cli.err().lines()).singleElement().asString().contains(message);
        assertThat(cli.out()).isEmpty();
        assertThat(service()).isNull();
        assertThat(state()).doesNotExist();
        assertThat(system.eventsRegistered).isFalse();
        try (Stream<Path> files = Files.list(folder.resolve("app"))) {
            assertThat(files).containsExactly(system.jar());
        }
    }
}
