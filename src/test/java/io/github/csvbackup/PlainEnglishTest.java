package io.github.csvbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Turns of phrase that international readers stumble over do not come back: in code, comments, messages, help and documents. */
class PlainEnglishTest {
    private static final List<String> ROOTS =
            List.of("README.md", "pom.xml", "src", "scripts", "grafana", ".github", ".ci");

    private static final Pattern TEXT = Pattern.compile(
            ".*\\.(java|md|txt|ps1|psm1|psd1|properties|yml|yaml|json|html|js|mjs|sh|py|c|xml|csv|tsv)|.*/run");

    /** Each with what to write instead. */
    private static final List<Turn> TURNS = List.of(
            new Turn("(?<!there )\\b(?:is|are|was|were) no (?!longer\\b|more\\b|less\\b)", "is not, or: not a valid"),
            new Turn("\\btold of\\b", "reported"),
            new Turn("\\bmend(?:s|ed|ing)?\\b", "fix"),
            new Turn("\\bunless given\\b", "default: ..."),
            new Turn("\\bfor ever\\b", "indefinitely"),
            new Turn("\\bnobody\\b(?!\\()", "no client, no agent, not checked, ..."),
            new Turn("\\bis nothing that\\b", "unknown"),
            new Turn("\\ballowed is\\b", "expected"));

    private record Turn(Pattern pattern, String instead) {
        Turn(String regex, String instead) {
            this(Pattern.compile(regex, Pattern.CASE_INSENSITIVE), instead);
        }
    }

    @Test
    void noneOfTheTurnsIsInAFile() throws IOException {
        List<String> found = new ArrayList<>();
        int files = 0;
        for (String root : ROOTS) {
            for (Path file : texts(Path.of(root))) {
                files++;
                found.addAll(turns(file.toString(), Files.readString(file)));
            }
        }

        assertThat(files).isGreaterThan(300);
        assertThat(found).isEmpty();
    }

    private static List<Path> texts(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("node_modules"))
                    .filter(file -> !file.endsWith("PlainEnglishTest.java"))
                    .filter(file ->
                            TEXT.matcher(file.toString().replace('\\', '/')).matches())
                    .toList();
        }
    }

    private static List<String> turns(String file, String text) {
        List<String> found = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1);
            for (Turn turn : TURNS) {
                if (turn.pattern().matcher(line).find()) {
                    found.add(file + ":" + number + ": write \"" + turn.instead() + "\" in: " + line.strip());
                }
            }
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'admin' is no role; a user is a reader or an operator",
                "'x' is nothing that the command demo knows",
                "'x' is not allowed; allowed is a time such as 30m",
                "Make room or mend the rights of the state directory",
                "what a backup was told of",
                "8778 unless given",
                "it waits for ever",
                "Nobody looked"
            })
    void eachOfTheTurnsIsFound(String sentence) {
        assertThat(turns("a.md", "# Title\n\n" + sentence + "\n"))
                .singleElement()
                .asString()
                .startsWith("a.md:3: write");
    }

    @Test
    void usualEnglishIsNotATurn() {
        assertThat(turns("a.md", "There is no volume. It is no longer set. The amended rule is not valid."))
                .isEmpty();
    }
}
