package io.github.csvbackup.powershell;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A stub agent for each test, and a PowerShell that queries it. */
abstract class WithStubAgent {
    static final String ONE = "C:\\ClusterStorage\\Volume1";
    static final String TWO = "C:\\ClusterStorage\\Volume2";
    static final String THREE = "C:\\ClusterStorage\\Volume3";

    @TempDir
    Path folder;

    StubAgent stub;
    PowerShell pwsh;

    @BeforeEach
    void startStub() throws Exception {
        stub = StubAgent.start();
        pwsh = PowerShell.with(folder, stub.url(), Files.writeString(folder.resolve("operator.token"), "token"));
    }

    @AfterEach
    void stopStub() {
        stub.close();
    }
}
