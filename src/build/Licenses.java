import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The licence texts of libraries: those in their jars, and those that are kept in a folder because the jar has none. */
final class Licenses {
    private static final Pattern IN_JAR = Pattern.compile("META-INF/((?:LICENSE|NOTICE|AL2\\.0|LGPL2\\.1)(?:\\.\\w+)?)");
    private static final Pattern BUNDLED = Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");

    private final Path kept;
    private final Map<String, byte[]> texts = new TreeMap<>();

    /** @param kept has a folder for each library, or for all whose names begin with the name of the folder and a hyphen */
    Licenses(Path kept) {
        this.kept = kept;
    }

    /** By library, its version and the name of the file, such as {@code slf4j-api-2.0.20/LICENSE.txt}. */
    Map<String, byte[]> texts() {
        return texts;
    }

    /** With the libraries that this one has in its jar. */
    void addLibrary(Path jar) throws IOException {
        String library = jar.getFileName().toString().replaceFirst("\\.jar$", "");
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                Matcher text = IN_JAR.matcher(entry.getName());
                if (text.matches()) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        texts.put(library + "/" + text.group(1), in.readAllBytes());
                    }
                }
            }
            addKept(library);
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (BUNDLED.matcher(entry.getName()).matches()) {
                    addBundled(zip, entry, library);
                }
            }
        }
    }

    private void addBundled(ZipFile zip, ZipEntry entry, String library) throws IOException {
        Properties about = new Properties();
        try (InputStream in = zip.getInputStream(entry)) {
            about.load(in);
        }
        String bundled = about.getProperty("artifactId") + "-" + about.getProperty("version");
        if (!bundled.equals(library)) {
            addKept(bundled);
        }
    }

    private void addKept(String library) throws IOException {
        try (Stream<Path> folders = Files.list(kept)) {
            for (Path folder : (Iterable<Path>) folders.filter(Files::isDirectory)::iterator) {
                if (library.startsWith(folder.getFileName() + "-")) {
                    addAll(folder, library);
                }
            }
        }
        if (texts.keySet().stream().noneMatch(text -> text.matches(Pattern.quote(library) + "/(LICENSE|AL2).*"))) {
            throw new IllegalStateException("The licence text of " + library + " is missing: it is neither in its jar nor in " + kept
                    + ". Put the text from the library's repository there, and its source into README.md beside it.");
        }
    }

    private void addAll(Path folder, String library) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                texts.put(library + "/" + file.getFileName(), Files.readAllBytes(file));
            }
        }
    }
}
