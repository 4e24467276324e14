package io.github.csvbackup.powershell;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What all tests of the installer have. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
abstract class WithPlayedNode {
    @TempDir
    Path folder;

    PlayedNode node;

    @BeforeEach
    void aNode() throws IOException {
        node = PlayedNode.in(folder.resolve("node"));
    }

    @AfterEach
    void stop() throws IOException {
        node.close();
    }
}
