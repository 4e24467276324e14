package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** {@code java -jar} with a Java that is too old for the agent, which is played. */
class OlderJavaIT {
    private static String run(String version) throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xlog:class+load:stdout",
                        "-cp",
                        PackagedJar.path() + File.pathSeparator + PackagedJar.testClasses(),
                        OlderJava.class.getName(),
                        version)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return said + "exit code " + process.waitFor();
    }

    @Test
    void anOlderJavaSaysSoInOneLineAndLoadsNothingElse() throws Exception {
        String said = run("11");

        assertThat(said)
                .contains("csv-backup-agent: This is Java 11. The agent needs a 64-bit Java 17 or newer: ")
                .endsWith("exit code 1")
                .contains("agent.entry.JavaCheck ")
                .doesNotContain("agent.entry.Standalone ");
        assertThat(run("17"))
                .contains("agent.entry.Standalone ", "csv-backup-agent 0.")
                .endsWith("exit code 0");
    }

    @Test
    void theMainClassOfTheJarIsOneThatJava8CanLoad() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.path().toFile())) {
            String main = jar.getManifest().getMainAttributes().getValue("Main-Class");
            try (DataInputStream in =
                    new DataInputStream(jar.getInputStream(jar.getEntry(main.replace('.', '/') + ".class")))) {
                assertThat(in.readInt()).isEqualTo(0xCAFEBABE);
                assertThat(in.readInt()).isEqualTo(52);
            }
        }
    }
}
