import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The list of parts (SBOM) that CycloneDX's plugin wrote, and libffi, which no build tool can see: JNA's native
 * libraries contain it.
 */
final class Sbom {
    /** Maven skips the plugin while it is offline, although the plugin reads nothing but Maven's local repository. */
    static final String ONLINE = "Build once without -o, so that CycloneDX's plugin runs: it needs no network if Maven has"
            + " downloaded all libraries before.";

    private static final String JNA = "pkg:maven/net.java.dev.jna/jna@5.19.1?type=jar";
    /** The libffi of that JNA. How this was found is in src/licenses/README.md. */
    private static final String LIBFFI = "pkg:github/libffi/libffi@v3.4.4";

    private static final String COMPONENTS = "\n  \"components\" : [\n";
    private static final String DEPENDENCIES = "\n  \"dependencies\" : [\n";
    private static final String OF_JNA = "\"ref\" : \"" + JNA + "\",\n      \"dependsOn\" : [ ]";

    private final Path file;
    private final String text;

    /** @param file what the plugin wrote; while Maven is offline, in an earlier build */
    Sbom(Path file) throws IOException {
        this.file = file;
        this.text = Files.readString(file).replace("\r\n", "\n");
    }

    /** Why the file cannot be used; empty if it can. */
    static String lacking(Path file, Path pom) throws IOException {
        if (!Files.exists(file)) {
            return file + " is missing. " + ONLINE;
        }
        boolean old = Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(pom)) < 0;
        return old ? file + " is older than pom.xml. " + ONLINE : "";
    }

    void checkHas(String sha256, String library) {
        if (!text.contains(sha256)) {
            throw new IllegalStateException(library + " is not listed in " + file + ". " + ONLINE);
        }
    }

    byte[] withLibffi() {
        String component = """
                    {
                      "type" : "library",
                      "bom-ref" : "LIBFFI",
                      "name" : "libffi",
                      "version" : "3.4.4",
                      "description" : "Part of JNA's native libraries",
                      "scope" : "required",
                      "licenses" : [
                        {
                          "license" : {
                            "id" : "MIT",
                            "url" : "https://opensource.org/license/mit"
                          }
                        }
                      ],
                      "cpe" : "cpe:2.3:a:libffi_project:libffi:3.4.4:*:*:*:*:*:*:*",
                      "purl" : "LIBFFI"
                    },
                """.replace("LIBFFI", LIBFFI);
        String dependency = """
                    {
                      "ref" : "LIBFFI",
                      "dependsOn" : [ ]
                    },
                """.replace("LIBFFI", LIBFFI);
        String listed = replaced(text, OF_JNA, OF_JNA.replace("[ ]", "[\n        \"" + LIBFFI + "\"\n      ]"));
        listed = replaced(listed, COMPONENTS, COMPONENTS + component);
        return replaced(listed, DEPENDENCIES, DEPENDENCIES + dependency).getBytes(UTF_8);
    }

    private String replaced(String in, String once, String by) {
        int at = in.indexOf(once);
        if (at < 0 || in.indexOf(once, at + 1) >= 0) {
            String line = once.strip().lines().findFirst().orElseThrow();
            throw new IllegalStateException("Cannot add libffi to " + file + ", since it does not have this exactly once: " + line
                    + " After an update of JNA, find out which libffi it contains (src/licenses/README.md says how),"
                    + " and change src/build/Sbom.java.");
        }
        return in.substring(0, at) + by + in.substring(at + once.length());
    }
}
