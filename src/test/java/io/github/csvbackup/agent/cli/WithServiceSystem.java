package io.github.csvbackup.agent.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the commands of the service have. */
abstract class WithServiceSystem {
    @TempDir
    Path folder;

    StubServiceSystem system;

    TestedCli cli;

    @BeforeEach
    void start() throws IOException {
        system = new StubServiceSystem(folder);
        cli = new TestedCli(system);
    }
}
