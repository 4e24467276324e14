package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A client of JMX has the role of an operator, and none of the agent's classes. */
@Timeout(60)
class LocalEvidenceByJmxTest {
    private static final String QUESTION = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path folder;

    private static Object ask(@Nullable String question, boolean withShadowCopies) throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("io.github.csvbackup:type=CsvBackupState"),
                        "localEvidence",
                        new Object[] {question, withShadowCopies},
                        new String[] {"java.lang.String", "boolean"});
    }

    @Test
    void theAnswerIsOfOpenTypes() throws Exception {
        try (Agent agent = new TwoDoors(folder).start("anonymous=health")) {
            assertThat(agent.url()).isNotNull();
            CompositeData told = (CompositeData) ask(QUESTION, true);

            assertThat(told.getCompositeType().keySet())
                    .containsExactlyInAnyOrder(
                            "question",
                            "cluster",
                            "sharedDisks",
                            "node",
                            "version",
                            "simulated",
                            "vss",
                            "swprv",
                            "machinesKnown",
                            "machines",
                            "shadowCopies");
            assertThat(told.get("question")).isEqualTo(QUESTION);
            assertThat(told.get("node")).isEqualTo("NODE1");
            assertThat(((CompositeData) told.get("vss")).get("state")).isEqualTo("STOPPED");
            CompositeData list = (CompositeData) told.get("shadowCopies");
            assertThat((Object[]) list.get("copies")).isEmpty();
            assertThat(list.get("problem")).isNull();
            assertThat(((CompositeData) list.get("vssBefore")).get("stateNumber"))
                    .isEqualTo(1);
            assertThat(((CompositeData) ask(QUESTION, false)).get("shadowCopies"))
                    .isNull();
            assertThatThrownBy(() -> ask(null, false))
                    .hasStackTraceContaining(
                            "The argument \"question\" must be 32 hexadecimal digits, chosen at random for"
                                    + " each question.");
        }
    }
}
