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
    private static final String SUMS = "SHA256SUMS";

    /** By their paths below the zip's folder. */
    private final Map<String, byte[]> files = new TreeMap<>();

    private Release() {}

    /** @param args the zip, the root of the repository, the agent's jar, the SBOM, the class path of the program */
    public static void main(String[] args) throws IOException {
        try {
            make(Path.of(args[0]), Path.of(args[1]), Path.of(args[2]), Path.of(args[3]), args[4]);
        } catch (IllegalStateException e) {
            // One sentence; a stack trace would hide it.
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private static void make(Path zip, Path root, Path jar, Path sbom, String classPath) throws IOException {
        Path sum = zip.resolveSibling(zip.getFileName() + ".sha256");
        Files.deleteIfExists(zip);
        Files.deleteIfExists(sum);
        String lacking = Sbom.lacking(sbom, root.resolve("pom.xml"));
        if (!lacking.isEmpty()) {
            // No failure: who is offline can still build and test all but the zip.
            System.out.println("No zip of the release is made: " + lacking);
            return;
        }
        Release release = new Release();
        release.files.putAll(ReleasedFiles.read(root));
        release.files.put(jar.getFileName().toString(), Files.readAllBytes(jar));
        Sbom parts = new Sbom(sbom);
        Licenses licenses = new Licenses(root.resolve("src/licenses"));
        for (String library : classPath.split(File.pathSeparator)) {
            Path file = Path.of(library);
            if (!Files.isDirectory(file)) {
                licenses.addLibrary(file);
                parts.checkHas(sha256(Files.readAllBytes(file)), file.getFileName().toString());
            }
        }
        release.files.put("csv-backup-agent.cdx.json", parts.withLibffi());
        release.files.put("licenses/README.md", Files.readAllBytes(root.resolve("src/licenses/README.md")));
        licenses.texts().forEach((name, text) -> release.files.put("licenses/" + name, text));
        release.write(zip);
        Files.writeString(sum, sha256(Files.readAllBytes(zip)) + "  " + zip.getFileName() + "\n");
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
