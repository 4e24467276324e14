package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.RealPart;
import io.github.csvbackup.agent.PackagedAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs scripts with the pwsh that the environment variable PWSH names, or the one on the PATH. */
final class PowerShell {
    static final Path MODULE = Path.of("scripts", "CsvBackupState").toAbsolutePath();

    /** The time zone of the scripts; Windows ignores it. */
    static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

    private final Path folder;
    private final String program;
    private final String url;
    private final Path token;

    /** The output and the exit code of a script. */
    record Ended(int exitCode, String output, String errors) {}

    private PowerShell(Path folder, String program, String url, Path token) {
        this.folder = folder;
        this.program = program;
        this.url = url;
        this.token = token;
    }

    /** Without PowerShell the test is skipped; with CI=true it fails. */
    static PowerShell with(Path folder, PackagedAgent agent) {
        return with(folder, agent.url().toString(), agent.token());
    }

    /** The URL and the token are those of the default agent of the scripts. */
    static PowerShell with(Path folder, String url, Path token) {
        return new PowerShell(folder, RealPart.powerShell(), url, token);
    }

    /** Windows PowerShell 5.1 lacks some features, and the module reports this. */
    boolean isWindowsPowerShell() {
        return program.toLowerCase(java.util.Locale.ROOT).endsWith("powershell.exe");
    }

    /** Runs a script after the prelude and returns its output. The script must not print errors. */
    String run(String script) throws Exception {
        Ended ended = start(script, "");
        assertThat(ended.errors()).as("%s\n%s", script, ended.output()).isEmpty();
        return ended.output();
    }

    /** Runs a script after the prelude. */
    Ended start(String script, String input) throws Exception {
        Path file = Files.createTempFile(folder, "script", ".ps1");
        Files.writeString(
                file,
                Files.readString(Path.of("src", "test", "powershell", "prelude.ps1"))
                        + System.lineSeparator()
                        + script);
        return file(file, input, "-Url", url, "-TokenPath", token.toString(), "-Module", MODULE.toString());
    }

    /** Runs a script file without the prelude. */
    Ended file(Path file, String input, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(program, "-NoProfile", "-ExecutionPolicy", "Bypass", "-File", file.toString()));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "output", ".txt");
        Path errors = Files.createTempFile(folder, "errors", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .redirectInput(write(input));
        builder.environment().put("NO_COLOR", "1");
        builder.environment().put("COLUMNS", "150");
        // A zone with daylight saving time, which computations must handle.
        builder.environment().put("TZ", ZONE.getId());
        Process process = builder.start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();
        assertThat(ended).as("%s", command).isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(output).replace("\r\n", "\n").strip(),
                Files.readString(errors).strip());
    }

    private java.io.File write(String input) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "input", ".txt"), input)
                .toFile();
    }
}
