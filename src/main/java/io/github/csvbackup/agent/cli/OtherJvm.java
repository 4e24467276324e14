package io.github.csvbackup.agent.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.Version;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** A running JVM of this machine, reached through the JDK's module jdk.attach. */
final class OtherJvm {
    private OtherJvm() {}

    /** Sends a request to the agent's entry class in that JVM, and returns the answer for the user. */
    static String ask(String pid, String request) throws StartException {
        try {
            return result(pid, answer(pid, request));
        } catch (AttachNotSupportedException e) {
            throw new StartException(
                    "Process " + pid + " is not a JVM that accepts an attach: " + e.getMessage()
                            + ". Use the process id of a running JVM, as jps lists it.",
                    e);
        } catch (AgentLoadException e) {
            throw new StartException(notLoaded(pid, String.valueOf(e.getMessage())), e);
        } catch (AgentInitializationException e) {
            throw new StartException("The JVM " + pid + " did not load the agent: " + e.getMessage() + ".", e);
        } catch (IOException e) {
            throw new StartException(
                    "Cannot attach to process " + pid + ": " + e.getMessage()
                            + ". It must be running, under the same account as this command.",
                    e);
        }
    }

    private static String notLoaded(String pid, String reason) {
        // The JDK says the same of a jar that it may not read; and this jar is there, and is an agent.
        return reason.contains("Agent JAR not found")
                ? "The JVM " + pid + " cannot read " + Path.of(jar()) + ": allow the account of that JVM" + account(pid)
                        + " to read this file and its folder."
                : "The JVM " + pid + " did not load the agent: " + reason.replaceFirst("\\.$", "") + ".";
    }

    /** In parentheses; empty if unknown, since Windows shows it only to administrators. */
    private static String account(String pid) {
        return ProcessHandle.of(Long.parseLong(pid))
                .flatMap(process -> process.info().user())
                .map(user -> " (" + user + ")")
                .orElse("");
    }

    /** The jar of this command. */
    private static URI jar() {
        return URI.create(OtherJvm.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString());
    }

    /** Names of files as ASCII: an attach on Windows would change other characters. */
    private static String lines(Path answer, URI jar) {
        return "@answer=" + answer.toUri().toASCIIString() + "\n@jar=" + jar.toASCIIString() + "\n@version="
                + Version.text() + "\n";
    }

    private static String answer(String pid, String request)
            throws IOException, AttachNotSupportedException, AgentLoadException, AgentInitializationException {
        URI jar = jar();
        Path answer = Files.createTempFile("csv-backup-answer-", ".txt");
        try {
            handOver(pid, answer);
            VirtualMachine machine = VirtualMachine.attach(pid);
            try {
                machine.loadAgent(Path.of(jar).toString(), lines(answer, jar) + request);
            } finally {
                machine.detach();
            }
            return Files.readString(answer);
        } finally {
            Files.deleteIfExists(answer);
        }
    }

    /** An administrator may attach to a JVM of another account, which must be able to write the answer. */
    private static void handOver(String pid, Path answer) throws IOException {
        Path process = Path.of("/proc").resolve(pid);
        if (File.separatorChar == '/' && Files.exists(process)) {
            var owner = Files.getOwner(process);
            if (!owner.equals(Files.getOwner(answer))) {
                Files.setOwner(answer, owner);
            }
        }
    }

    private static String result(String pid, String answer) throws StartException {
        if (answer.startsWith("ok ")) {
            return "JVM " + pid + ": " + answer.substring("ok ".length());
        }
        if (answer.startsWith("failed ")) {
            throw new StartException("JVM " + pid + ": " + answer.substring("failed ".length()));
        }
        throw new StartException("The JVM " + pid + " accepted the request but did not answer; see its stderr.");
    }
}
