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
import org.jspecify.annotations.Nullable;

/**
 * The documents and their blocks of commands. The comment above a block says which test runs it ({@code <!-- NAME: run by TEST -->}) or that it
 * needs Windows ({@code <!-- Windows only -->}). A block of the language {@code text} is a picture or an output, and needs no comment.
 */
public final class Documents {
    /** The comment above a block that no test can run here. */
    static final String WINDOWS_ONLY = "Windows only";

    private static final Pattern BLOCK = Pattern.compile("(?m)(?:^<!-- (.+) -->\n)?^```(.*)\n((?s:.*?))^```$");

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");

    private Documents() {}

    /**
     * A link of a document to itself or to another file.
     *
     * @param anchor the heading; null if the link has none
     */
    record Link(Path to, @Nullable String anchor) {}

    static List<Link> links(Path document) throws IOException {
        return LINK.matcher(Files.readString(document))
                .results()
                .map(link -> new Link(
                        link.group(1).isEmpty()
                                ? document
                                : document.resolveSibling(link.group(1)).normalize(),
                        link.group(2)))
                .toList();
    }

    /**
     * One block.
     *
     * @param mark the text of the comment above it; empty if there is none
     */
    record Block(Path document, String mark, String language, String text) {
        boolean isCommands() {
            return !language.equals("text");
        }
    }

    /** All documents, by their paths from the root. */
    static List<Path> all() throws IOException {
        List<Path> documents = new ArrayList<>(List.of(Path.of("README.md")));
        for (String folder : List.of("src/docs", ".github", "grafana")) {
            try (Stream<Path> files = Files.list(Path.of(folder))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(documents::add);
            }
        }
        return documents;
    }

    static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path document : all()) {
            Matcher block = BLOCK.matcher(Files.readString(document));
            while (block.find()) {
                String mark = block.group(1) == null ? "" : block.group(1);
                blocks.add(new Block(document, mark, block.group(2), block.group(3)));
            }
        }
        return blocks;
    }

    /** The commands of the one block with this name, for the test that its comment names. */
    public static String commands(String name, Class<?> test) throws IOException {
        return theOne(name + ": run by " + test.getSimpleName());
    }

    /** The output of a program in the one block with this name. */
    public static String output(String name, String program) throws IOException {
        return theOne(name + ": made by " + program);
    }

    private static String theOne(String mark) throws IOException {
        List<String> found = blocks().stream()
                .filter(block -> block.mark().equals(mark))
                .map(Block::text)
                .toList();
        assertThat(found).as("the block with the comment <!-- %s -->", mark).hasSize(1);
        return found.get(0);
    }

    /** The blocks of a language that need Windows. */
    public static List<String> windowsOnly(String language) throws IOException {
        return blocks().stream()
                .filter(block -> block.mark().equals(WINDOWS_ONLY))
                .filter(block -> block.language().equals(language))
                .map(Block::text)
                .toList();
    }
}
