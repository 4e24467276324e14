package io.github.csvbackup.agent.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import io.github.csvbackup.agent.options.StartException;
import java.io.IOException;
import java.net.URISyntaxException;
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
        } catch (AgentLoadException | AgentInitializationException e) {
            throw new StartException("The JVM " + pid + " did not load the agent: " + e.getMessage() + ".", e);
        } catch (IOException | URISyntaxException e) {
            throw new StartException(
                    "Cannot attach to process " + pid + ": " + e.getMessage()
                            + ". It must be running, under the same account as this command.",
                    e);
        }
    }

    private static String answer(String pid, String request)
            throws IOException, URISyntaxException, AttachNotSupportedException, AgentLoadException,
                    AgentInitializationException {
        Path jar = Path.of(OtherJvm.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path answer = Files.createTempFile("csv-backup-answer-", ".txt");
        try {
            handOver(pid, answer);
            VirtualMachine machine = VirtualMachine.attach(pid);
            try {
                machine.loadAgent(jar.toString(), "@" + answer + "\n" + request);
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
        if (Files.exists(process)) {
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
