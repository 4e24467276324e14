import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the release takes from the repository. Each file of these folders must have one of these names: an editor's
 * backup, or a file that only this machine has, ends the build. In the zip it would not be noticed. Documents come without what is about building.
 */
final class ReleasedFiles {
    private static final String[] ROOTS = {
        "LICENSE", "README.md", "grafana", "scripts", "src/docs", ".github/CONTRIBUTING.md", ".github/SECURITY.md"
    };
    private static final Pattern NAMES = Pattern.compile(String.join(
            "|",
            "LICENSE|README\\.md|\\.github/(CONTRIBUTING|SECURITY)\\.md",
            "src/docs/[\\w-]+\\.(md|png)",
            "scripts/([A-Z]\\w+-\\w+|Setup/\\w+)\\.ps1",
            "scripts/CsvBackupState/CsvBackupState\\.(psd1|psm1|Format\\.ps1xml)",
            "scripts/CsvBackupState/(Public|Private)/[\\w-]+\\.ps1",
            "scripts/CsvBackupState/en-US/about_\\w+\\.help\\.txt",
            "grafana/(dashboard\\.(json|png)|runbook\\.md|targets\\.example\\.json)",
            "grafana/(alertmanager|prometheus|rules|rules\\.test)\\.yml",
            "grafana/provisioning/(dashboards|datasources)/[\\w-]+\\.yml"));

    /** A part of a document that is of no use to one who has only the zip. */
    private static final Pattern SOURCE_TREE =
            Pattern.compile("(?s)<!-- source tree -->\\n.*?<!-- end of source tree -->\\n");

    private ReleasedFiles() {}

    /** By their paths below the root of the repository, with slashes. */
    static Map<String, byte[]> read(Path root) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        List<String> strange = new ArrayList<>();
        for (String each : ROOTS) {
            try (Stream<Path> all = Files.walk(root.resolve(each))) {
                for (Path file : (Iterable<Path>) all.filter(path -> !Files.isDirectory(path))::iterator) {
                    String name = root.relativize(file).toString().replace(File.separatorChar, '/');
                    if (NAMES.matcher(name).matches() && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                        byte[] content = Files.readAllBytes(file);
                        files.put(name, name.endsWith(".md") ? forTheZip(name, content) : content);
                    } else {
                        strange.add(name);
                    }
                }
            }
        }
        if (!strange.isEmpty()) {
            throw new IllegalStateException("These files do not belong to the release, but lie in its folders: "
                    + String.join(", ", strange)
                    + ". Delete or move them. For a new kind of file, add its name to src/build/ReleasedFiles.java.");
        }
        return files;
    }

    private static byte[] forTheZip(String name, byte[] document) {
        String text = SOURCE_TREE.matcher(new String(document, UTF_8)).replaceAll("");
        if (text.contains("source tree -->")) {
            throw new IllegalStateException(name + " has a comment that begins or ends a part about the source tree, but not the other one.");
        }
        return text.getBytes(UTF_8);
    }
}
