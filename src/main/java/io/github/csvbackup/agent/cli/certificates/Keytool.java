package io.github.csvbackup.agent.cli.certificates;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.threads.ChildProcess;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** The keytool of a Java, as a child process. Its passwords are in files: arguments and variables of a process are visible to others. */
public final class Keytool {
    /** One call takes half a second, or some seconds on a busy machine. */
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    /** After it was killed. */
    private static final int SECONDS_TO_END = 5;

    private static final int MOST_BYTES = 64 * 1024;
    private static final String SIGNATURE = "SHA256withECDSA";

    /** keytool writes its own name, and often the class of the exception, before its message. */
    private static final Pattern BEFORE_MESSAGE = Pattern.compile("^keytool error: (?:[\\w.$]+(?:Exception|Error): )?");

    private final Path program;
    private final Duration deadline;

    /** The keytool of the Java that runs this process. */
    public static Keytool ofThisJava() {
        return new Keytool(Path.of(System.getProperty("java.home")), DEADLINE);
    }

    /** @param javaHome the folder of a Java */
    Keytool(Path javaHome, Duration deadline) {
        this.program = javaHome.resolve("bin").resolve(File.separatorChar == '\\' ? "keytool.exe" : "keytool");
        this.deadline = deadline;
    }

    /** Creates a key with an elliptic curve and a certificate that is signed by itself. */
    void createKey(KeyStoreFile store, String subject, List<String> more) throws StartException {
        List<String> arguments = new ArrayList<>(List.of(
                "-genkeypair",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                SIGNATURE,
                "-storetype",
                "PKCS12",
                "-dname",
                subject));
        arguments.addAll(more);
        run("create the key of " + subject, store, arguments);
    }

    /** Writes a request that the key of the store be certified. */
    void request(KeyStoreFile store, Path request) throws StartException {
        run(
                "write the request of " + store.file(),
                store,
                List.of("-certreq", "-sigalg", SIGNATURE, "-file", request.toString()));
        requireWhole(request, "write the request of " + store.file());
    }

    /** Answers a request with a certificate in PEM. */
    void sign(KeyStoreFile authority, Path request, Path certificate, List<String> more) throws StartException {
        List<String> arguments = new ArrayList<>(List.of(
                "-gencert",
                "-sigalg",
                SIGNATURE,
                "-rfc",
                "-infile",
                request.toString(),
                "-outfile",
                certificate.toString()));
        arguments.addAll(more);
        run("sign " + request, authority, arguments);
        requireWhole(certificate, "sign " + request);
    }

    /** Replaces the certificate of the store's key by a chain in PEM. */
    void importChain(KeyStoreFile store, Path chain) throws StartException {
        run(
                "import the certificate into " + store.file(),
                store,
                List.of("-importcert", "-noprompt", "-file", chain.toString()));
    }

    /** On a full disk keytool writes a part of such a file, and does not fail. */
    private static void requireWhole(Path pem, String task) throws StartException {
        String content = "";
        try {
            content = Files.readString(pem, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            // It has written nothing.
        }
        if (!content.startsWith("-----BEGIN ") || content.length() < 100 || !content.endsWith("-----")) {
            throw new StartException("keytool could not " + task + ": the file " + pem
                    + " is not complete. Check that its disk is not full.");
        }
    }

    private void run(String task, KeyStoreFile store, List<String> arguments) throws StartException {
        if (!Files.isRegularFile(program)) {
            throw new StartException("This Java has no keytool, which creates the certificates: " + program
                    + " does not exist. Run this command with the java of a JDK.");
        }
        List<String> command =
                new ArrayList<>(List.of(program.toString(), "-J-XX:TieredStopAtLevel=1", "-J-Duser.language=en"));
        command.addAll(arguments);
        command.addAll(List.of(
                "-alias",
                KeyStoreFile.ALIAS,
                "-keystore",
                store.file().toString(),
                "-storepass:file",
                store.passwordFile().toString()));
        ChildProcess.Result result = run(task, command);
        if (result.exitCode() != 0) {
            throw failed(task, result.output());
        }
    }

    private ChildProcess.Result run(String task, List<String> command) throws StartException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // They belong to other programs: an agent in them would start in keytool too.
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        try {
            Process process = builder.start();
            try {
                return ChildProcess.await(process, "csv-backup-keytool", deadline, MOST_BYTES, StandardCharsets.UTF_8);
            } finally {
                // It may write files until then.
                process.onExit()
                        .completeOnTimeout(process, SECONDS_TO_END, TimeUnit.SECONDS)
                        .join();
            }
        } catch (TimeoutException e) {
            throw new StartException(
                    "keytool did not " + task + " within " + deadline.toSeconds() + " s and was killed. Try again.", e);
        } catch (IOException e) {
            throw new StartException("keytool could not " + task + ": " + e.getMessage() + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("Interrupted while keytool was to " + task + ". Try again.", e);
        }
    }

    private static StartException failed(String task, String said) {
        if (said.contains("NoSuchAlgorithmException")) {
            return new StartException("This Java cannot create keys with elliptic curves: it lacks the module"
                    + " jdk.crypto.ec. Run this command with the java of a JDK, or add that module with jlink.");
        }
        String reason = said.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("keytool error: "))
                .findFirst()
                .or(() -> said.lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .findFirst())
                .orElse("it says nothing");
        return new StartException("keytool could not " + task + ": "
                + BEFORE_MESSAGE.matcher(reason).replaceFirst("") + ".");
    }
}
