package io.github.csvbackup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
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
            new Turn(
                    "(?<!there\\x20)\\b(?:is|are|was|were) no (?!longer\\b|more\\b|less\\b)",
                    "is not, or: not a valid"),
            new Turn("\\btold of\\b", "reported"),
            new Turn("\\bmend(?:s|ed|ing)?\\b", "fix"),
            new Turn("\\bunless given\\b", "default: ..."),
            new Turn("\\bfor ever\\b", "indefinitely"),
            new Turn("\\bnobody\\b(?!\\()", "no client, no agent, not checked, ..."),
            new Turn("\\bis nothing that\\b", "unknown"),
            new Turn("\\ballowed is\\b", "expected"),
            new Turn("\\boverrul", "override"));

    /** A line break inside a paragraph or a comment, with the indentation and the comment sign of the next line. */
    private static final Pattern LINE_BREAK = Pattern.compile("\\R(?![ \t]*\\R)[ \t]*(?:\\*(?!/)|//|#)?[ \t]*");

    private record Turn(Pattern pattern, String instead) {
        Turn(String regex, String instead) {
            this(Pattern.compile(regex.replace(" ", " ++"), Pattern.CASE_INSENSITIVE), instead);
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
        String joined = LINE_BREAK
                .matcher(text)
                .replaceAll(found -> " ".repeat(found.group().length()));
        List<String> found = new ArrayList<>();
        for (Turn turn : TURNS) {
            Matcher matcher = turn.pattern().matcher(joined);
            while (matcher.find()) {
                long line = 1
                        + text.chars()
                                .limit(matcher.start())
                                .filter(character -> character == '\n')
                                .count();
                found.add(file + ":" + line + ": write \"" + turn.instead() + "\" for: " + matcher.group());
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
                "Nobody looked",
                "the guard was overruled",
                "the wait lasts for\n     * ever"
            })
    void eachOfTheTurnsIsFound(String sentence) {
        assertThat(turns("a.md", "# Title\n\n" + sentence + "\n"))
                .singleElement()
                .asString()
                .startsWith("a.md:3: write");
    }

    @Test
    void usualEnglishIsNotATurn() {
        assertThat(
                        turns(
                                "a.md",
                                "There is no volume. It is no longer set. The amended rule is not valid. This is\n\nno volume."))
                .isEmpty();
    }
}
