package io.github.csvbackup;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.csvbackup.agent.options.Option;
import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.eventlog.EventKind;
import java.io.IOException;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The documents: their links, the marks of their commands, and the tables that repeat what the code says. */
@Tag("jdk-independent")
class DocumentationTest {
    /** All links that lead out of the repository. Microsoft's documents are named by their titles, which stay longer than addresses. */
    private static final List<String> OUTSIDE = List.of("https://semver.org/");

    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s)|\"'`>]+");
    private static final Pattern MENTION = Pattern.compile("([\\w./-]*[\\w-]\\.md)(?:#([\\w-]+))?");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern RULE = Pattern.compile("dependsOnlyOn\\(\\s*(\"[\\w.]+\"(?:,\\s*\"[\\w.]+\")*)\\)");
    private static final Pattern RUN_BY = Pattern.compile("(.+): (run|made) by (.+)");

    @Test
    void everyLinkLeadsToAFileAndAHeading() throws IOException {
        int links = 0;
        for (Path document : Documents.all()) {
            for (Documents.Link link : Documents.links(document)) {
                links++;
                assertThat(link.to()).as("%s links to it", document).exists();
                assertHasAnchor(document, link.to(), link.anchor());
            }
        }
        assertThat(links).isGreaterThan(50);
    }

    /** The alerts' addresses of the runbook, the dashboard, scripts and their help, comments. */
    @Test
    void everyDocumentThatAFileNamesIsThere() throws IOException {
        int mentions = 0;
        for (Path file : filesThatMayNameDocuments()) {
            Matcher mention = MENTION.matcher(Files.readString(file));
            while (mention.find()) {
                mentions++;
                String name = mention.group(1).replaceFirst("^.*example\\.org/csv-backup-agent/", "grafana/");
                List<Path> there = Stream.of(Path.of(name), file.resolveSibling(name), Path.of("src/docs", name))
                        .map(Path::normalize)
                        .filter(Files::exists)
                        .toList();
                assertThat(there).as("%s names %s", file, mention.group()).isNotEmpty();
                assertHasAnchor(file, there.get(0), mention.group(2));
            }
        }
        assertThat(mentions).isGreaterThan(40);
    }

    private static List<Path> filesThatMayNameDocuments() throws IOException {
        List<Path> files = new ArrayList<>(List.of(Path.of(".ci/run"), Path.of("pom.xml")));
        for (String root : List.of("scripts", "grafana", "src/main", ".github/workflows")) {
            try (Stream<Path> all = Files.walk(Path.of(root))) {
                all.filter(file -> file.toString().matches(".+\\.(ps1|psm1|psd1|txt|xml|yml|json|java|md)"))
                        .forEach(files::add);
            }
        }
        return files;
    }

    private static void assertHasAnchor(Path from, Path to, @Nullable String anchor) throws IOException {
        if (anchor != null) {
            assertThat(anchors(to)).as("%s links to %s#%s", from, to, anchor).contains(anchor);
        }
    }

    /** As GitHub makes them of the headings. */
    private static List<String> anchors(Path document) throws IOException {
        return HEADING.matcher(Files.readString(document))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\w\\- ]", "")
                        .replace(' ', '-'))
                .toList();
    }

    @Test
    void linksThatLeadOutAreKnown() throws IOException {
        TreeSet<String> found = new TreeSet<>();
        for (Path document : Documents.all()) {
            ADDRESS.matcher(Files.readString(document))
                    .results()
                    .map(MatchResult::group)
                    .filter(address -> !isExample(URI.create(address).getHost()))
                    .forEach(found::add);
        }

        assertThat(found).containsExactlyElementsOf(OUTSIDE);
    }

    private static boolean isExample(String host) {
        return host.equals("127.0.0.1") || host.matches("(.+\\.)?example\\.(com|org)");
    }

    @Test
    void everyBlockOfCommandsIsRunOrNeedsWindows() throws IOException {
        List<Documents.Block> blocks = Documents.blocks();

        assertThat(blocks.stream().filter(Documents.Block::isCommands)).hasSizeGreaterThan(20);
        for (Documents.Block block : blocks) {
            if (block.isCommands() && !block.mark().equals(Documents.WINDOWS_ONLY)) {
                Matcher mark = RUN_BY.matcher(block.mark());
                assertThat(mark.matches())
                        .as(
                                "%s: the comment above this block: <!-- %s -->%n%s",
                                block.document(), block.mark(), block.text())
                        .isTrue();
                assertRuns(block, mark.group(1), mark.group(3));
            }
        }
    }

    private static void assertRuns(Documents.Block block, String name, String test) throws IOException {
        if (test.equals(".ci/run")) {
            String script = Files.readString(Path.of(test));
            for (String command : block.text().lines().toList()) {
                assertThat(script).as(test).contains("'" + command.replaceFirst(" +#.*", "") + "'");
            }
            return;
        }
        try (Stream<Path> all = Files.walk(Path.of("src/test/java"))) {
            List<Path> found = all.filter(file -> file.endsWith(test + ".java")).toList();
            assertThat(found).as("%s: the test %s", block.document(), test).hasSize(1);
            assertThat(Files.readString(found.get(0)))
                    .as("%s runs it", test)
                    .containsPattern("ommands\\(\\s*\"" + Pattern.quote(name) + "\"");
        }
    }

    @Test
    void theReadmeIsShortAndBeginsWithTheStatus() throws IOException {
        List<String> readme = Files.readAllLines(Path.of("README.md"));

        assertThat(readme).hasSizeLessThanOrEqualTo(150);
        assertThat(String.join("\n", readme.subList(0, 10)))
                .contains("never run on a real cluster", "| 2008 R2 SP1 |", "| 2012 to 2025 |");
    }

    @Test
    void theTableOfOptionsIsThatOfTheProgram() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        Matcher row = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| *(?:`([^`]+)`)?[^|`]*\\| .+ \\|$")
                .matcher(section("src/docs/operate.md", "Options"));
        while (row.find()) {
            documented.put(row.group(1), row.group(2) == null ? "" : row.group(2));
        }
        Map<String, String> known = new TreeMap<>();
        for (Option option : Option.values()) {
            known.put(option.key(), option.defaultValue());
        }

        assertThat(documented).isEqualTo(known);
    }

    @Test
    void theTableOfEventsIsThatOfTheProgram() throws IOException {
        List<String> documented = Pattern.compile("(?m)^\\| ([0-9]+) \\| (\\w+) \\| .+ \\|$")
                .matcher(section("src/docs/operate.md", "Windows event log"))
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();

        assertThat(documented)
                .isEqualTo(Arrays.stream(EventKind.values())
                        .map(kind -> kind.id() + " " + kind.level())
                        .toList());
    }

    @Test
    void theTableOfPackagesIsThatOfTheArchitectureTest() throws IOException {
        Map<String, String> documented = new TreeMap<>();
        Matcher row = Pattern.compile("(?m)^\\| `([a-z.]+)` \\| [^|]+ \\| ([a-z., ]*|nothing) \\|$")
                .matcher(section("src/docs/architecture.md", "Packages"));
        while (row.find()) {
            documented.put(row.group(1), row.group(2));
        }
        Map<String, String> rules = new TreeMap<>();
        Matcher rule =
                RULE.matcher(Files.readString(Path.of("src/test/java/io/github/csvbackup/ArchitectureTest.java")));
        while (rule.find()) {
            List<String> packages =
                    List.of(rule.group(1).replaceAll("[\"\\s]", "").split(",", -1));
            List<String> used =
                    packages.subList(1, packages.size()).stream().sorted().toList();
            rules.put(packages.get(0), used.isEmpty() ? "nothing" : String.join(", ", used));
        }

        assertThat(documented).isEqualTo(rules);
    }

    @Test
    void theOperationsOfTheSimulatedClusterAreThoseOfTheProgram() throws IOException {
        List<String> documented = Pattern.compile("(?m)^\\| `(\\w+\\(.*?\\))` \\| .+ \\|$")
                .matcher(section("src/docs/simulated.md", "Operations"))
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(documented)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(SimulatedClusterMBean.class.getMethods())
                        .filter(method -> !method.getName().startsWith("get"))
                        .map(method -> method.getName()
                                + Arrays.stream(method.getParameters())
                                        .map(Parameter::getName)
                                        .collect(Collectors.joining(", ", "(", ")")))
                        .toList());
    }

    @Test
    void everyAdvisoryThatTheBuildDoesNotReportIsExplained() throws IOException {
        List<String> skipped = Pattern.compile("<cve>(.+)</cve>")
                .matcher(Files.readString(Path.of("src/build/known-advisories.xml")))
                .results()
                .map(cve -> cve.group(1))
                .toList();

        assertThat(skipped).contains("CVE-2026-84218");
        assertThat(section("src/docs/security.md", "Known advisories")).contains(skipped);
    }

    private static String section(String document, String heading) throws IOException {
        String text = Files.readString(Path.of(document));
        return text.substring(text.indexOf("\n## " + heading + "\n")).replaceFirst("(?s)(?<=.)\n## .*", "");
    }
}
