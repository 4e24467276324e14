package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.FreePort;
import io.github.csvbackup.agent.PackagedJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Windows node that is played by files and small programs, for the installer: see node.ps1 and node-java.sh. */
final class PlayedNode implements AutoCloseable {
    static final String JAR = "Program Files/csv-backup-agent/csv-backup-agent.jar";
    static final String MODULES = "Program Files/WindowsPowerShell/Modules/CsvBackupState";

    static final Path SCRIPT = Path.of("src", "test", "powershell", "node.ps1").toAbsolutePath();

    private static final String JAVA_17 =
            "    java.specification.version = 17\n    java.runtime.version = 17\n    sun.arch.data.model = 64\n";
    private static final String ELEVATED = "\"Mandatory Label\",\"Label\",\"S-1-16-12288\",\"\"";

    private static final Pattern STEP =
            Pattern.compile("What if: Performing the operation \"(.+)\" on target \".+\"\\.");

    private final PowerShell pwsh;
    private final Path folder;
    private final int port;

    private PlayedNode(PowerShell pwsh, Path folder, int port) {
        this.pwsh = pwsh;
        this.folder = folder;
        this.port = port;
    }

    /** A node with a release in the folder {@code release}, a Java 17, and nothing installed. */
    static PlayedNode in(Path folder) throws IOException {
        PlayedNode node =
                new PlayedNode(PowerShell.with(Files.createDirectories(folder), "", folder), folder, FreePort.next());
        node.release(Files.readAllBytes(PackagedJar.path()));
        node.java("jdk-17", JAVA_17);
        node.program("whoami.exe", "/groups /fo csv /nh", ELEVATED);
        node.excludedPorts("");
        node.script("netstat.exe", Files.readString(Path.of("src", "test", "powershell", "node-netstat.sh")));
        Files.createDirectories(folder.resolve("Program Files"));
        return node;
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    int port() {
        return port;
    }

    /** The same agent with other bytes: a comment of one character, whose length is at the end of a zip without one. */
    static byte[] anotherJar() throws IOException {
        byte[] jar = Files.readAllBytes(PackagedJar.path());
        byte[] other = Arrays.copyOf(jar, jar.length + 1);
        other[jar.length - 2] = 1;
        other[jar.length] = 'x';
        return other;
    }

    /** Replaces the jar of the release, and copies the scripts. */
    void release(byte[] jar) throws IOException {
        Path scripts = Path.of("scripts");
        try (var files = Files.walk(scripts)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = folder.resolve("release").resolve(file.toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!Files.exists(target)) {
                    Files.copy(file, target);
                }
            }
        }
        Files.write(folder.resolve("release").resolve("csv-backup-agent.jar"), jar);
    }

    /** Adds a Java that says this about itself. */
    Path java(String name, String properties) throws IOException {
        Path java = folder.resolve(name);
        Files.createDirectories(java.resolve("bin"));
        Files.writeString(java.resolve("properties"), properties);
        executable(
                java.resolve("bin").resolve("java.exe"),
                Files.readString(Path.of("src", "test", "powershell", "node-java.sh")));
        return java;
    }

    /** A program of Windows that expects these arguments. */
    void program(String name, String arguments, String output) throws IOException {
        script(
                name,
                "#!/bin/bash\n[ \"$*\" = '" + arguments + "' ] || { echo \"unexpected: $*\"; exit 9; }\ncat <<'END'\n"
                        + output + "\nEND\n");
    }

    private void script(String name, String text) throws IOException {
        Path system = Files.createDirectories(folder.resolve("Windows").resolve("System32"));
        executable(system.resolve(name), text);
    }

    void excludedPorts(String ranges) throws IOException {
        excludedPorts(ranges, "");
    }

    void excludedPorts(String ranges, String rangesOfIpv6) throws IOException {
        String text = "\nProtocol tcp Port Exclusion Ranges\n\nStart Port    End Port\n----------    --------\n";
        String end = "\n\n* - Administered port exclusions.\n";
        script(
                "netsh.exe",
                "#!/bin/bash\ncase \"$*\" in\n'int ipv4 show excludedportrange protocol=tcp') cat <<'END'\n" + text
                        + ranges
                        + end + "END\n;;\n'int ipv6 show excludedportrange protocol=tcp') cat <<'END'\n" + text
                        + rangesOfIpv6 + end + "END\n;;\n*) echo \"unexpected: $*\"; exit 9 ;;\nesac\n");
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Sets a file that node.ps1 or node-java.sh reads. */
    void has(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    /** Replaces the permissions by those that node.ps1 grants by itself, and this one. */
    void permission(Object path, String permission) throws IOException {
        has("acl", path + "|" + permission + "\n");
    }

    /** The calls of the agent's command line since the last time, without the folder of the node. */
    List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        if (!Files.exists(calls)) {
            return List.of();
        }
        List<String> lines = Files.readAllLines(calls).stream()
                .map(line -> line.replace(folder.toString(), "NODE"))
                .toList();
        Files.delete(calls);
        return lines;
    }

    /** The arguments of the agent's command line in each call so far. */
    List<List<String>> arguments() throws IOException {
        return Stream.of(Files.readString(folder.resolve("arguments")).split("\n\n"))
                .map(call -> List.of(call.split("\n")))
                .toList();
    }

    /** Runs the installer with this Java and this port, unless the arguments name others. */
    PowerShell.Ended install(String arguments) throws Exception {
        String options = arguments.contains("-AgentOption")
                ? arguments.replace("PORT", "port=" + port)
                : "-AgentOption 'port=" + port + "', 'poll-interval=200ms' " + arguments;
        return installBare((arguments.contains("-JavaHome") ? "" : "-JavaHome 'NODE/jdk-17' ") + options);
    }

    /** Runs the installer with these arguments alone. */
    PowerShell.Ended installBare(String arguments) throws Exception {
        return run("& 'NODE/release/scripts/Install-CsvBackupAgent.ps1' " + arguments + " | Format-Table -AutoSize");
    }

    PowerShell.Ended uninstall(String arguments) throws Exception {
        return run("& 'NODE/release/scripts/Uninstall-CsvBackupAgent.ps1' " + arguments);
    }

    /** Runs a script on the node; a terminating error becomes one line of output. NODE is the folder of the node. */
    PowerShell.Ended run(String script) throws Exception {
        return run(script, "");
    }

    /** The same with answers to its questions. */
    PowerShell.Ended run(String script, String input) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String text = ". '" + SCRIPT + "' -Node '" + folder
                + "' -RealJava '" + java + "'\ntry {\n" + script.replace("NODE", folder.toString())
                + "\n} catch { \"ERROR $($_.FullyQualifiedErrorId): $($_.Exception.Message)\" }\n";
        PowerShell.Ended ended = pwsh.file(Files.writeString(folder.resolve("run.ps1"), text), input);
        return new PowerShell.Ended(
                ended.exitCode(), ended.output().replace(folder.toString(), "NODE"), ended.errors());
    }

    /** All files of the node with their sizes and times, but for what the tests themselves write. */
    Map<String, String> files() throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (var files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = folder.relativize(file).toString();
                if (!name.matches("run\\.ps1|(input|output|errors)[0-9]*\\.txt|.*was-run|")) {
                    String times = Files.isDirectory(file)
                            ? ""
                            : " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
                    found.put(name, Files.isDirectory(file) ? "folder" : "file" + times);
                }
            }
        }
        return found;
    }

    /** The call that installs the service with the options of {@link #install}. */
    String installCommand(String more) {
        return "jdk-17 csv-backup-agent.jar service install --java=NODE/jdk-17" + more + " --port=" + port
                + " --poll-interval=200ms";
    }

    /** The installer printed the self test, and the agent polls. */
    static void assertWorked(PowerShell.Ended ended) {
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output())
                .contains("Result", "Check", "Detail")
                .containsPattern("OK +last-poll +the last successful");
    }

    /** The step in a line of -WhatIf. */
    static String step(String line) {
        Matcher matcher = STEP.matcher(line);
        assertThat(matcher.matches()).as(line).isTrue();
        return matcher.group(1);
    }

    /** The installer ended with one line, and did nothing. */
    void assertRefused(String arguments, String... line) throws Exception {
        PowerShell.Ended ended = install(arguments);
        assertThat(ended.errors()).isEmpty();
        assertThat(ended.output())
                .startsWith("ERROR CsvBackupAgent.Install,Install-CsvBackupAgent.ps1: ")
                .hasLineCount(1)
                .contains(line);
        assertThat(calls()).isEmpty();
        assertThat(path("Program Files")).isEmptyDirectory();
    }

    /** Stops the agent that the played service started, and waits until it writes nothing more. */
    @Override
    public void close() throws IOException {
        Path running = folder.resolve("running");
        if (Files.exists(running)) {
            ProcessHandle.of(Long.parseLong(Files.readString(running).strip())).ifPresent(agent -> {
                agent.destroy();
                agent.onExit().join();
            });
            Files.delete(running);
        }
    }
}
