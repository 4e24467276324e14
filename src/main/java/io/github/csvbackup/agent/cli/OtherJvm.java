package io.github.csvbackup.agent.cli;

import com.sun.tools.attach.AgentInitializationException;
import com.sun.tools.attach.AgentLoadException;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A running JVM of this machine, reached through the JDK's module jdk.attach. */
final class OtherJvm {
    private OtherJvm() {}

    static int ask(String pid, String request) {
        try {
            return report(pid, answerOf(pid, request));
        } catch (AttachNotSupportedException e) {
            return failure("process " + pid + " cannot be attached to: " + e.getMessage()
                    + "; give the process id of a running JVM, as the command jps lists it");
        } catch (AgentLoadException | AgentInitializationException e) {
            return failure("the JVM " + pid + " did not load the agent: " + e.getMessage());
        } catch (IOException | URISyntaxException e) {
            return failure("cannot attach to process " + pid + ": " + e.getMessage()
                    + "; it must run, and under the same account as this command");
        }
    }

    private static String answerOf(String pid, String request)
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

    /** An administrator may attach to another account's JVM, which then has to be able to write its answer. */
    private static void handOver(String pid, Path answer) throws IOException {
        Path process = Path.of("/proc").resolve(pid);
        if (Files.exists(process)) {
            var owner = Files.getOwner(process);
            if (!owner.equals(Files.getOwner(answer))) {
                Files.setOwner(answer, owner);
            }
        }
    }

    private static int report(String pid, String answer) {
        if (answer.startsWith("ok ")) {
            System.out.println("JVM " + pid + ": " + answer.substring("ok ".length()));
            return 0;
        }
        if (answer.startsWith("failed ")) {
            return failure("JVM " + pid + ": " + answer.substring("failed ".length()));
        }
        return failure("JVM " + pid + " took the request and did not answer: see its stderr");
    }

    private static int failure(String message) {
        System.err.println("csv-backup-agent: " + message);
        return 1;
    }
}
