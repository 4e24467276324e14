package io.github.csvbackup.agent.cli.certificates;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.FileRights;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import io.github.csvbackup.state.FileTrouble;
import io.github.csvbackup.state.Replacement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder with the certificates of a cluster: those of the authority, which stay off the nodes, and a folder for each node. Everything is made in
 * another folder and then moved here, so a failure leaves nothing half done.
 */
public final class CertificateFolder {
    static final String CA_PEM = "ca.pem";
    private static final Pattern PASSWORD = Pattern.compile("[ -~]{6,}");

    private final Path folder;
    private final Keytool keytool;
    private final Clock clock;

    /** @param folder an absolute path */
    public CertificateFolder(Path folder, Keytool keytool, Clock clock) {
        this.folder = folder;
        this.keytool = keytool;
        this.clock = clock;
    }

    public Path path() {
        return folder;
    }

    /** Where to make the files: a folder there can be moved to this one. */
    public Path beside() throws StartException {
        Path parent = folder.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new UsageException(
                    "--out=" + folder + " is not in an existing folder; create the folder above it first.");
        }
        try {
            if (FileRights.of(parent).isReplaceableByOthers(parent)) {
                throw new UsageException(
                        "--out=" + folder + " is in a folder where others can rename and replace files;"
                                + " choose one that only your account and administrators can write to.");
            }
        } catch (IOException e) {
            throw trouble(e);
        }
        return parent;
    }

    /**
     * Fails unless the folder is empty or does not exist.
     *
     * @throws UsageException otherwise
     */
    public void requireNew() throws UsageException, StartException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException("--out=" + folder + " exists and is not a folder; choose another one.");
        }
        if (Files.exists(authority().file(), LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException(
                    "--out=" + folder + " already has the certificates of a cluster; to renew them or add"
                            + " nodes, use certificates renew, and for another cluster another folder.");
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            if (files.iterator().hasNext()) {
                throw new UsageException("--out=" + folder + " is not empty; choose a new folder.");
            }
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    private KeyStoreFile authority() {
        return KeyStoreFile.in(folder, Authority.FILE);
    }

    private StartException trouble(IOException e) {
        return e instanceof FileRefusedException
                ? new StartException(String.valueOf(e.getMessage()), e)
                : new StartException("Cannot create the certificates in " + folder + ": " + FileTrouble.of(e) + ".", e);
    }

    /**
     * Creates the authority and the nodes' certificates.
     *
     * @param work an empty private folder in {@link #beside()}
     */
    public List<String> create(String cluster, List<String> nodes, String domain, Path work) throws StartException {
        try {
            PrivateFiles files = PrivateFiles.at(work);
            Authority authority = Authority.create(keytool, files, work.resolve("authority"), cluster, domain);
            Path made = files.folder(work.resolve("made"));
            KeyStoreFile target = KeyStoreFile.in(made, Authority.FILE);
            files.copy(authority.store().file(), target.file());
            files.copy(authority.store().passwordFile(), target.passwordFile());
            files.write(made.resolve(CA_PEM), authority.pem().getBytes(StandardCharsets.US_ASCII));
            List<String> lines = new ArrayList<>();
            lines.add("Created the certificate authority of " + cluster + " in " + folder + ", valid until "
                    + authority.end() + ".");
            for (String node : nodes) {
                NodeCertificate certificate = issue(authority, files, work, node, null);
                put(certificate, authority, files, made.resolve(node));
                lines.add(line(certificate));
            }
            // Windows does not replace a folder.
            Files.deleteIfExists(folder);
            Replacement.move(made, folder);
            return lines;
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    private static String line(NodeCertificate certificate) {
        String line = certificate.node() + ": " + certificate.fullName() + ", valid until " + certificate.end() + ".";
        return certificate.fullName().indexOf('_') < 0
                ? line
                : line
                        + " Java's TLS refuses clients that call a name with an underscore: for them, give the node an alias in DNS"
                        + " and a certificate of your own authority for that alias.";
    }

    private NodeCertificate issue(
            Authority authority, PrivateFiles files, Path work, String node, @Nullable String password)
            throws IOException, StartException {
        return authority.issue(keytool, files, work.resolve("node-" + node), node, password, clock.instant());
    }

    /** Writes all that the node needs into a new folder. */
    private static void put(NodeCertificate certificate, Authority authority, PrivateFiles files, Path target)
            throws IOException, StartException {
        KeyStoreFile store = KeyStoreFile.in(files.folder(target), NodeCertificate.FILE);
        files.copy(certificate.store().file(), store.file());
        files.copy(certificate.store().passwordFile(), store.passwordFile());
        files.write(target.resolve(CA_PEM), authority.pem().getBytes(StandardCharsets.US_ASCII));
    }

    /** Fails unless the folder has an authority. */
    public void requireAuthority() throws UsageException {
        if (!Files.exists(authority().file(), LinkOption.NOFOLLOW_LINKS)) {
            throw new UsageException("--out=" + folder + " has no " + Authority.FILE
                    + "; expected the folder that certificates create made.");
        }
    }

    /**
     * Creates new keys and certificates with the authority that is in the folder. A node whose folder is there keeps its password, so that one file is
     * replaced, in one step.
     *
     * @param wanted the nodes; empty: all that have a folder
     * @param work an empty private folder in the folder
     */
    public List<String> renew(List<String> wanted, Path work) throws StartException {
        try {
            PrivateFiles files = PrivateFiles.at(work);
            Authority authority = Authority.load(authority(), files, work.resolve("authority"));
            Map<Path, Path> moves = new LinkedHashMap<>();
            List<String> lines = new ArrayList<>();
            Path made = files.folder(work.resolve("made"));
            for (String node : nodes(wanted)) {
                String password = password(node);
                NodeCertificate certificate = issue(authority, files, work, node, password);
                put(certificate, authority, files, made.resolve(node));
                if (password == null) {
                    moves.put(made.resolve(node), folder.resolve(node));
                } else {
                    moves.put(
                            made.resolve(node).resolve(NodeCertificate.FILE),
                            folder.resolve(node).resolve(NodeCertificate.FILE));
                }
                lines.add(line(certificate));
            }
            move(moves);
            return lines;
        } catch (IOException e) {
            throw trouble(e);
        }
    }

    /** Each node is renewed as a whole or not at all. */
    private static void move(Map<Path, Path> moves) throws IOException {
        List<Path> done = new ArrayList<>();
        for (Map.Entry<Path, Path> move : moves.entrySet()) {
            try {
                Replacement.move(move.getKey(), move.getValue());
                done.add(move.getValue());
            } catch (IOException e) {
                throw done.isEmpty() ? e : new IOException(e.getMessage() + " Renewed before that: " + done, e);
            }
        }
    }

    /** The nodes by the names of their folders. */
    private List<String> nodes(List<String> wanted) throws IOException, StartException {
        List<String> known = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path each : all) {
                String name = String.valueOf(each.getFileName());
                if (NodeNames.isNode(name) && Files.exists(each.resolve(NodeCertificate.FILE))) {
                    known.add(name);
                }
            }
        }
        if (wanted.isEmpty() && known.isEmpty()) {
            throw new StartException(
                    "There are no certificates of nodes in " + folder + "; name the nodes with --nodes.");
        }
        known.sort(String.CASE_INSENSITIVE_ORDER);
        return wanted.isEmpty()
                ? known
                : wanted.stream()
                        .map(node -> known.stream()
                                .filter(node::equalsIgnoreCase)
                                .findFirst()
                                .orElse(node))
                        .toList();
    }

    /** Null if the node has no folder. */
    private @Nullable String password(String node) throws IOException, StartException {
        Path own = folder.resolve(node);
        if (!Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        Path file = KeyStoreFile.in(own, NodeCertificate.FILE).passwordFile();
        String remedy = " Copy the file back from the node; or move the folder " + own
                + " away, and the node gets a new password.";
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new StartException("The password file " + file + " does not exist." + remedy);
        }
        String password = TrustedFile.of(file, "The password file " + file, Privacy.SECRET)
                .text()
                .strip();
        if (!PASSWORD.matcher(password).matches()) {
            throw new StartException("The password in " + file
                    + " does not work with keytool, which needs six or more ASCII characters in one line." + remedy);
        }
        return password;
    }
}
