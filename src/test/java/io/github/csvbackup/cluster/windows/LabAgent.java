package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.FreePort;
import io.github.csvbackup.agent.HostProgram;
import io.github.csvbackup.agent.PackagedJar;
import io.github.csvbackup.cluster.Cluster;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.json.simple.JSONObject;
import org.json.simple.JSONValue;
import org.jspecify.annotations.Nullable;

/** The unchanged jar in the lab, and a client of it over HTTP. */
final class LabAgent implements AutoCloseable {
    /** For a loaded machine, on which Wine did not respond for a minute. */
    private static final long PATIENCE_SECONDS = 180;

    private static final int MOST_CLEARS = 5;
    private static final Pattern STALL = Pattern.compile(
            "the VSS service on \\S+ is RUNNING|not readable \\(|right after its shadow copies were listed"
                    + "|was seen stopped at every check for|observed without a gap|the last poll failed"
                    + "|the last successful poll ended|did not answer within|" + WineLab.DEAD_CHILD);

    private static final Pattern LISTENING =
            Pattern.compile("csv-backup-agent \\S+ listening on (\\S+)(?: and https:\\S+)? \\(backend windows\\)");
    private static final String MBEAN = "io.github.csvbackup:type=CsvBackupState";

    private final WineLab lab;
    /** Null for a service. */
    private final @Nullable Process process;

    private final URI url;
    private final String stateDir;
    private BufferedReader host;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private LabAgent(WineLab lab, @Nullable Process process, URI url, String stateDir) {
        this.lab = lab;
        this.process = process;
        this.url = url;
        this.stateDir = stateDir;
    }

    static String windowsPath(Path path) {
        return "Z:" + path.toAbsolutePath().toString().replace('/', '\\');
    }

    /** As {@code java -jar}, with options such as {@code --poll-interval=200ms}. */
    static LabAgent standalone(WineLab lab, String stateDir, String... options) throws IOException {
        return standaloneOf(lab, windowsPath(PackagedJar.path()), stateDir, options);
    }

    /** The same from another place. */
    static LabAgent standaloneOf(WineLab lab, String jar, String stateDir, String... options) throws IOException {
        return standaloneOf(lab, List.of(), jar, stateDir, options);
    }

    /** The same in a JVM with options of its own. */
    static LabAgent standaloneOf(WineLab lab, List<String> javaOptions, String jar, String stateDir, String... options)
            throws IOException {
        List<String> command = new ArrayList<>(javaOptions);
        command.addAll(List.of("-jar", jar, "--backend=windows", "--port=0", "--state-dir=C:\\" + stateDir));
        command.addAll(List.of(options));
        // Wine sometimes ends a program before its first instruction, without output: that is not an answer of the
        // agent.
        for (int tries = 0; tries < 3; tries++) {
            Process process = lab.java(command);
            BufferedReader out = process.inputReader();
            String line = out.readLine();
            boolean silent = line == null;
            for (; line != null; line = out.readLine()) {
                Matcher listening = LISTENING.matcher(line.strip());
                if (listening.matches()) {
                    return new LabAgent(lab, process, URI.create(listening.group(1)), stateDir);
                }
            }
            if (!silent) {
                break;
            }
        }
        throw new IOException("the agent did not start: " + lab.errors());
    }

    /** The agent of a service that the lab's service manager has started. */
    static LabAgent ofService(WineLab lab, String stateDir, int port) {
        return new LabAgent(lab, null, URI.create("http://127.0.0.1:" + port + "/"), stateDir);
    }

    /** As {@code -javaagent}, with options such as {@code poll-interval=200ms}. */
    static LabAgent guest(WineLab lab, Path folder, String stateDir, String options) throws Exception {
        return guest(lab, folder, stateDir, options, List.of(), "");
    }

    /**
     * The same in a host with other options.
     *
     * @param javaOptions options of the host's JVM
     * @param library a jar on the host's class path; may be empty
     */
    static LabAgent guest(
            WineLab lab, Path folder, String stateDir, String options, List<String> javaOptions, String library)
            throws Exception {
        int port = FreePort.next();
        Path classes = Files.createDirectories(folder.resolve("host"));
        Path program = classes.resolve(HostProgram.class.getName().replace('.', '/') + ".class");
        Files.createDirectories(program.getParent());
        Files.copy(
                Path.of(HostProgram.class.getResource("HostProgram.class").toURI()),
                program,
                StandardCopyOption.REPLACE_EXISTING);
        List<String> command = new ArrayList<>(javaOptions);
        command.addAll(List.of(
                "-javaagent:" + windowsPath(PackagedJar.path()) + "=backend=windows,port=" + port + ",state-dir=C:\\"
                        + stateDir + "," + options,
                "-cp",
                windowsPath(classes) + (library.isEmpty() ? "" : ";" + library),
                HostProgram.class.getName()));
        for (int tries = 0; tries < 3; tries++) {
            String errors = lab.errors();
            Process process = lab.java(command);
            LabAgent agent = new LabAgent(lab, process, URI.create("http://127.0.0.1:" + port + "/"), stateDir);
            agent.await("the agent answers", () -> !process.isAlive() || agent.answers());
            if (process.isAlive()) {
                return agent;
            }
            if (!lab.errors().equals(errors)) {
                break;
            }
            // Wine has ended the program before its first instruction: that is not an answer of the agent.
        }
        throw new IOException("the host with the agent ended: " + lab.errors());
    }

    private boolean answers() throws InterruptedException {
        try {
            return get("healthz").statusCode() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The port for its own machine. */
    int port() {
        return url.getPort();
    }

    /** A condition that a test waits for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    void await(String what, Condition condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            assertThat(System.nanoTime())
                    .as("%s; the agent said: %s", what, lab.errors())
                    .isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(url.resolve(path))
                        .timeout(Duration.ofMinutes(1))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private String post(JSONObject request) throws Exception {
        String token = Files.readString(lab.onDriveC(stateDir).resolve("operator.token"))
                .strip();
        return http.send(
                        HttpRequest.newBuilder(url.resolve("jolokia/"))
                                .timeout(Duration.ofMinutes(2))
                                .header("Authorization", "Bearer " + token)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(request.toJSONString()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** The operation's result. */
    Map<String, Object> exec(String operation, Object... arguments) throws Exception {
        return map(answer("exec", "operation", operation, List.of(arguments)).get("value"));
    }

    /** The findings of the self test, as one text. */
    String selfTest() throws Exception {
        return String.valueOf(answer("exec", "operation", "selfTest", List.of()).get("value"));
    }

    /** Clears a volume that is clearable; again if the lab stalled. */
    Map<String, Object> clear(String path) throws Exception {
        Map<String, Object> result = exec("clear", path);
        for (int tries = 1; tries < MOST_CLEARS && hasStalled(result.get("outcome"), result.get("message")); tries++) {
            awaitClearable(path);
            result = exec("clear", path);
        }
        return result;
    }

    /** Asks for a clear that must be refused for a reason; again if the lab stalled and the reason is not among those that were given. */
    Map<String, Object> refusal(String path, String reason) throws Exception {
        Map<String, Object> result = exec("clear", path);
        for (int tries = 1;
                tries < MOST_CLEARS
                        && !String.valueOf(result.get("message")).contains(reason)
                        && hasStalled(result.get("outcome"), result.get("message"));
                tries++) {
            refresh();
            result = exec("clear", path);
        }
        return result;
    }

    /**
     * True if a clear was refused for one of the reasons that a loaded machine causes: Wine's service manager loses a handle or does not start VSS, a child
     * process of an earlier question starts VSS late, or the polls stall, and evidence is missing for a moment. Such a refusal is right. The test judges all others.
     */
    static boolean hasStalled(@Nullable Object outcome, @Nullable Object message) {
        boolean stalled = "REFUSED".equals(outcome)
                && STALL.matcher(String.valueOf(message)).find();
        if (stalled) {
            System.out.println("The lab has stalled: " + message);
        }
        return stalled;
    }

    /**
     * Waits until the volume is clearable. VSS stops by itself some minutes after a query; tests do not wait for that. A query that was under way may
     * start it again.
     */
    void awaitClearable(String path) throws Exception {
        lab.service(Cluster.VSS, false);
        Object[] last = new Object[1];
        try {
            await("it is clearable", () -> {
                Map<String, Object> assessed = exec("assess", path);
                last[0] = assessed.get("message");
                if (String.valueOf(last[0]).matches("(?s).*the VSS service on \\S+ is RUNNING.*")) {
                    lab.service(Cluster.VSS, false);
                }
                return "CLEARABLE".equals(assessed.get("verdict"));
            });
        } catch (AssertionError e) {
            throw new AssertionError("not clearable: " + last[0], e);
        }
    }

    private static Map<String, Object> map(Object value) {
        assertThat(value).isInstanceOf(Map.class);
        Map<String, Object> map = new TreeMap<>();
        ((Map<?, ?>) value).forEach((key, each) -> map.put((String) key, each));
        return map;
    }

    @SuppressWarnings("unchecked") // JSONObject is a raw map
    private Map<String, Object> answer(String type, String what, Object name, List<Object> arguments) throws Exception {
        JSONObject request = new JSONObject();
        request.put("type", type);
        request.put("mbean", MBEAN);
        request.put(what, name);
        request.put("arguments", arguments);
        return map(JSONValue.parse(post(request)));
    }

    void refresh() throws Exception {
        assertThat(answer("exec", "operation", "refresh", List.of()).get("status"))
                .isEqualTo(200L);
    }

    /** Attributes by name. */
    Map<String, Object> read(String... attributes) throws Exception {
        return map(answer("read", "attribute", List.of(attributes), List.of()).get("value"));
    }

    Object attribute(String name) throws Exception {
        return read(name).get(name);
    }

    /** An attribute that is an array of texts. The text of a list of this parser is JSON, in which a path has two backslashes. */
    List<String> texts(String name) throws Exception {
        return ((List<?>) attribute(name)).stream().map(String.class::cast).toList();
    }

    /** The view of the volume with that path. */
    Map<String, Object> volume(String path) throws Exception {
        for (Object each : (List<?>) attribute("Volumes")) {
            Map<String, Object> volume = map(each);
            if (path.equals(volume.get("volume"))) {
                return volume;
            }
        }
        throw new AssertionError("no volume " + path + " in " + attribute("Volumes"));
    }

    /** Sends a command to the host's program, which marks its answers. */
    List<String> askHost(String question) throws Exception {
        if (host == null) {
            host = process.inputReader();
        }
        process.outputWriter().write(question + "\n");
        process.outputWriter().flush();
        List<String> answer = new ArrayList<>();
        for (String line = host.readLine(); line != null; line = host.readLine()) {
            if (line.strip().equals("> .")) {
                return answer;
            }
            if (line.startsWith("> ")) {
                answer.add(line.substring(2).strip());
            }
        }
        throw new IOException("the host ended: " + lab.errors());
    }

    List<String> audit() throws IOException {
        return Files.readAllLines(lab.onDriveC(stateDir).resolve("audit.jsonl"));
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        process.destroy();
        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
    }

    /** The name of the lab's machine, which is that of the agent's own node. */
    static String nodeName(WineLab lab) throws Exception {
        lab.cluster().reset().write();
        String said = lab.javaToItsEnd(List.of("-jar", windowsPath(PackagedJar.path()), "probe"));
        String name = said.lines()
                .filter(line -> line.contains("cluster-service: it is running on this node, "))
                .map(line -> line.replaceFirst(".*, ", ""))
                .collect(Collectors.joining());
        assertThat(name).as(said).isNotEmpty();
        return name;
    }
}
