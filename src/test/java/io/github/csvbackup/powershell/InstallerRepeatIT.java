package io.github.csvbackup.powershell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A second run of the installer restarts the agent only if something differs: a restart begins the observation again. */
class InstallerRepeatIT extends WithPlayedNode {
    private static final String NOTHING = "Version 0.1.0 is installed with these options: nothing to change.";

    private void assertNothingToChange(String arguments) throws Exception {
        PowerShell.Ended again = node.install(arguments);

        PlayedNode.assertWorked(again);
        assertThat(again.output()).contains(NOTHING);
        assertThat(node.calls()).as(arguments).isEmpty();
    }

    private void assertChanged(String arguments) throws Exception {
        assertThat(node.install("-WhatIf " + arguments).output())
                .as(arguments)
                .contains("\"stop the service\"", "\"start the service\"")
                .doesNotContain(NOTHING, "ERROR");
    }

    @Test
    void theSameParametersAgainChangeNothing() throws Exception {
        String arguments = "-CopyJava -Account 'EXAMPLE\\csvbackup$' -JavaOption '-Xmx256m', '-Dlab=a b'";
        PowerShell.Ended first = node.install(arguments);
        PlayedNode.assertWorked(first);
        assertThat(first.output()).doesNotContain(NOTHING);
        node.calls();

        assertNothingToChange(arguments);
        assertThat(node.installBare("-CopyJava -WhatIf").output()).startsWith(NOTHING);
    }

    /** What the real command adds to the command line of the service, by itself. */
    private void withDefaults() throws IOException {
        String state = node.path("ProgramData/csv-backup-agent").toString();
        String played = Files.readString(node.path("service"));
        String real = played.replace(
                        "-Xrs", "-Xrs -Xmx128m -XX:+ExitOnOutOfMemoryError -XX:ErrorFile=" + state + "/jvm-crash.log")
                .strip();
        assertThat(real).isNotEqualTo(played.strip());
        node.has("service", real + " --state-dir=" + state + " --log-dir=" + state + "/logs --event-log=true\n");
    }

    @Test
    void theDefaultsThatTheServiceGetsAreNotADifference() throws Exception {
        PlayedNode.assertWorked(node.install("-JavaOption '-Xrs'"));
        node.calls();
        withDefaults();

        assertNothingToChange("-Account '.\\LocalSystem' -JavaOption @()");
    }

    @Test
    void eachDifferenceIsInstalled() throws Exception {
        PlayedNode.assertWorked(node.install("-JavaOption '-Xrs'"));
        node.java(
                "jdk-21",
                "    java.specification.version = 21\n    java.runtime.version = 21.0.1\n    sun.arch.data.model = 64\n");
        withDefaults();
        String options = "-AgentOption 'PORT', 'poll-interval=200ms', ";

        for (String arguments : List.of(
                "-CopyJava",
                "-JavaHome 'NODE/jdk-21'",
                "-Account 'EXAMPLE\\csvbackup$'",
                "-AgentOption 'PORT'",
                "-AgentOption 'PORT', 'poll-interval=300ms'",
                options + "'event-log=false'",
                options + "'state-dir=NODE/other'",
                "-JavaOption '-Xmx256m'",
                "-JavaOption '-XX:MaxRAMPercentage=5'",
                "-JavaOption '-Dlab=a'")) {
            assertChanged(arguments);
        }
        String service = Files.readString(node.path("service"));
        node.has("service", service.replace("-Xmx128m", "-Xmx256m"));
        assertChanged("-JavaOption @()");
        node.has("service", service.replace(" -jar ", " -XX:MaxRAMPercentage=5 -jar "));
        assertChanged("-JavaOption '-XX:MaxRAMPercentage=5'");
    }

    @Test
    void aCopyOfAnotherVersionIsADifference() throws Exception {
        PlayedNode.assertWorked(node.install("-CopyJava"));
        node.java(
                "jdk-21",
                "    java.specification.version = 21\n    java.runtime.version = 21.0.1\n    sun.arch.data.model = 64\n");

        assertChanged("-CopyJava -JavaHome 'NODE/jdk-21'");
        assertChanged("");
    }
}
