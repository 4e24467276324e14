package io.github.csvbackup.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProbeCommandTest {
    private final TestedCli cli = new TestedCli();

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void elsewhereSaysWhatItNeedsAndFails() {
        assertThat(cli.execute("probe")).isEqualTo(1);
        assertThat(cli.out())
                .contains("FAILED   system: backend=windows needs a node of a Windows failover cluster, but this is ")
                .contains("         Use backend=simulated here.")
                .endsWith("The agent cannot read the cluster from this machine.\n");

        assertThat(cli.execute("probe", "--json")).isEqualTo(1);
        assertThat(cli.out())
                .hasLineCount(1)
                .startsWith("{\"version\":")
                .contains("\"check\":\"system\",\"result\":\"FAILED\"");
    }
}
