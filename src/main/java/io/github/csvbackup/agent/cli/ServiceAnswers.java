package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.RemoteAccess;
import io.github.csvbackup.text.OutsideText;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the agent of the service answers over HTTP: whether it is healthy, and its self test. */
final class ServiceAnswers {
    private final Options options;

    ServiceAnswers(Options options) {
        this.options = options;
    }

    void print(PrintStream out) {
        RemoteAccess access = options.remoteAccess();
        if (access != null) {
            out.println("Address for other machines: " + OwnAgent.url("https", access.host(), access.port()));
        }
        String host = options.host();
        if (host == null) {
            out.println("The agent is not asked: it does not listen for this machine (host=off). Ask it from another"
                    + " machine: Get-CsvBackupAgent -Uri ADDRESS -Credential USER.");
            return;
        }
        OwnAgent agent;
        try {
            agent = new OwnAgent(
                    options.port() == 0
                            ? OwnAgent.listening(options.stateDir())
                            : OwnAgent.url("http", host, options.port()),
                    options.stateDir());
        } catch (IOException e) {
            out.println("The agent is not asked, because its port is not known. " + e.getMessage());
            return;
        }
        try {
            out.println("The agent at " + agent.url() + " answers: "
                    + OutsideText.printable(agent.get("healthz").strip()));
            selfTest(agent, out);
        } catch (IOException e) {
            out.println("The agent at " + agent.url() + " does not answer: " + e.getMessage() + ".");
        }
    }

    private static void selfTest(OwnAgent agent, PrintStream out) throws IOException {
        String token;
        try {
            token = agent.token();
        } catch (IOException e) {
            out.println("The self test is not asked for. " + e.getMessage());
            return;
        }
        Map<?, ?> answer = agent.call("selfTest", token);
        if (!(answer.get("value") instanceof List<?> checks)) {
            out.println("The agent has no self test: " + OutsideText.printable(String.valueOf(answer.get("error"))));
            return;
        }
        out.println("Self test:");
        for (Object each : checks) {
            if (each instanceof Map<?, ?> check) {
                out.println(String.format(
                        Locale.ROOT,
                        "%-8s %s: %s",
                        text(check, "result"),
                        text(check, "check"),
                        text(check, "detail")));
                if (!text(check, "remedy").isEmpty()) {
                    out.println("         " + text(check, "remedy"));
                }
            }
        }
    }

    private static String text(Map<?, ?> check, String name) {
        Object value = check.get(name);
        return value == null ? "" : OutsideText.printable(value.toString());
    }
}
