package io.github.csvbackup.cluster.windows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;

/** A shell script in place of the system's PowerShell. */
final class FakePowerShell {
    private FakePowerShell() {}

    static WindowsPowerShell in(Path systemDirectory, String shellScript) throws IOException {
        WindowsPowerShell powerShell = new WindowsPowerShell(systemDirectory, Duration.ofSeconds(5));
        Files.createDirectories(powerShell.path().getParent());
        Files.writeString(powerShell.path(), "#!/bin/sh\n" + shellScript);
        Files.setPosixFilePermissions(powerShell.path(), PosixFilePermissions.fromString("rwx------"));
        return powerShell;
    }
}
