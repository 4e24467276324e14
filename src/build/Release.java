import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Build step: puts all that a node needs into one zip, with a SHA-256 of each file, and writes the SHA-256 of the zip
 * beside it.
 *
 * <p>The documents keep their folders and so their links. Sources and tests stay out: they are in the repository. The
 * zip depends on nothing but the files, so each build gives the same.
 */
final class Release {
    private static final String[] FROM_REPOSITORY = {
        "LICENSE", "README.md", "grafana", "scripts", "src/docs", ".github/CONTRIBUTING.md", ".github/SECURITY.md"
    };
    private static final String SUMS = "SHA256SUMS";

    /** By their paths below the zip's folder. */
    private final Map<String, byte[]> files = new TreeMap<>();

    private Release() {}

    /** @param args the zip, the root of the repository, the agent's jar, the SBOM, the class path of the program */
    public static void main(String[] args) throws IOException {
        Path zip = Path.of(args[0]);
        Path root = Path.of(args[1]);
        Path jar = Path.of(args[2]);
        Path sbom = Path.of(args[3]);
        Files.deleteIfExists(zip);
        if (!Files.exists(sbom)) {
            System.out.println("No zip of the release is made: Maven skips CycloneDX's plugin while it is offline, and "
                    + sbom.getFileName() + " is missing. Build once without -o.");
            return;
        }
        Release release = new Release();
        release.files.put(jar.getFileName().toString(), Files.readAllBytes(jar));
        release.files.put(sbom.getFileName().toString(), Files.readAllBytes(sbom));
        for (String each : FROM_REPOSITORY) {
            release.putAll(root, each);
        }
        Licenses licenses = new Licenses(root.resolve("src/licenses"));
        for (String library : args[4].split(File.pathSeparator)) {
            if (!Files.isDirectory(Path.of(library))) {
                licenses.addLibrary(Path.of(library));
                checkIsListed(Path.of(library), sbom);
            }
        }
        release.files.put("licenses/README.md", Files.readAllBytes(root.resolve("src/licenses/README.md")));
        licenses.texts().forEach((name, text) -> release.files.put("licenses/" + name, text));
        release.write(zip);
        String sum = sha256(Files.readAllBytes(zip)) + "  " + zip.getFileName() + "\n";
        Files.writeString(zip.resolveSibling(zip.getFileName() + ".sha256"), sum);
    }

    /** An offline build has the list of an earlier one. */
    private static void checkIsListed(Path library, Path sbom) throws IOException {
        if (!Files.readString(sbom).contains(sha256(Files.readAllBytes(library)))) {
            throw new IllegalStateException(library.getFileName() + " is not listed in " + sbom
                    + ", which is of an earlier build. Build once without -o.");
        }
    }

    private void putAll(Path root, String name) throws IOException {
        try (Stream<Path> all = Files.walk(root.resolve(name))) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                files.put(root.relativize(file).toString().replace(File.separatorChar, '/'), Files.readAllBytes(file));
            }
        }
    }

    private void write(Path zip) throws IOException {
        String folder = zip.getFileName().toString().replaceFirst("\\.zip$", "/");
        StringBuilder sums = new StringBuilder();
        files.forEach((name, content) -> sums.append(sha256(content)).append("  ").append(name).append('\n'));
        files.put(SUMS, sums.toString().getBytes(UTF_8));
        try (OutputStream file = Files.newOutputStream(zip);
                ZipOutputStream out = new ZipOutputStream(file)) {
            out.setLevel(9);
            for (var each : files.entrySet()) {
                ZipEntry entry = new ZipEntry(folder + each.getKey());
                entry.setTimeLocal(Isolate.TIME);
                out.putNextEntry(entry);
                out.write(each.getValue());
                out.closeEntry();
            }
        }
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
