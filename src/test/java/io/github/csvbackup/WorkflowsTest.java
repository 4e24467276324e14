package io.github.csvbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The workflows of GitHub: what they run is pinned, and what they may do is little. */
class WorkflowsTest {
    private static final Pattern USES = Pattern.compile("(?m)^ +- uses: (.*)$|^ +uses: (.*)$");
    private static final Pattern PINNED = Pattern.compile("([\\w.-]+/[\\w.-]+)@([0-9a-f]{40}) # v\\d+\\.\\d+\\.\\d+");

    private static Map<String, String> workflows() throws IOException {
        Map<String, String> workflows = new TreeMap<>();
        try (Stream<Path> files = Files.list(Path.of(".github/workflows"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                workflows.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return workflows;
    }

    /** A tag can be moved to another commit, and the name of a commit cannot. */
    @Test
    void everyActionIsPinnedToOneCommit() throws IOException {
        Map<String, String> commits = new TreeMap<>();
        for (Map.Entry<String, String> workflow : workflows().entrySet()) {
            Matcher uses = USES.matcher(workflow.getValue());
            while (uses.find()) {
                String action = uses.group(1) == null ? uses.group(2) : uses.group(1);
                Matcher pinned = PINNED.matcher(action);
                assertThat(pinned.matches())
                        .as("%s: OWNER/NAME@COMMIT # VERSION: %s", workflow.getKey(), action)
                        .isTrue();
                assertThat(commits.getOrDefault(pinned.group(1), pinned.group(2)))
                        .as(pinned.group(1))
                        .isEqualTo(pinned.group(2));
                commits.put(pinned.group(1), pinned.group(2));
            }
        }

        assertThat(commits)
                .containsOnlyKeys(
                        "actions/attest",
                        "actions/checkout",
                        "actions/download-artifact",
                        "actions/setup-java",
                        "actions/upload-artifact");
    }

    @Test
    void onlyTheJobThatPublishesMayWrite() throws IOException {
        assertThat(workflows()).containsOnlyKeys("build.yml", "release.yml");
        assertThat(permissions(workflows().get("build.yml"))).containsExactly("contents: read");
        String release = workflows().get("release.yml");
        int publish = release.indexOf("\n  publish:\n");
        assertThat(release).containsPattern("(?m)^permissions: \\{}$");
        assertThat(permissions(release.substring(0, publish))).containsExactly("contents: read");
        assertThat(permissions(release.substring(publish)))
                .containsExactly("contents: write", "id-token: write", "attestations: write");
        assertThat(release.substring(publish))
                .as("the job that may write runs nothing of the repository")
                .doesNotContain("checkout", "mvn", ".ci/");
    }

    /** What the build runs could read a token that a checkout leaves in the clone. */
    @Test
    void noCheckoutLeavesItsToken() throws IOException {
        for (Map.Entry<String, String> workflow : workflows().entrySet()) {
            String[] checkouts = workflow.getValue().split("- uses: actions/checkout@", -1);
            assertThat(checkouts).hasSizeGreaterThan(1);
            for (int i = 1; i < checkouts.length; i++) {
                assertThat(checkouts[i].replaceFirst("(?s)\n      - .*", ""))
                        .as(workflow.getKey())
                        .contains("persist-credentials: false");
            }
        }
    }

    private static List<String> permissions(String workflow) {
        return Pattern.compile("(?m)^ +([\\w-]+: (?:read|write))$")
                .matcher(workflow)
                .results()
                .map(permission -> permission.group(1))
                .toList();
    }
}
