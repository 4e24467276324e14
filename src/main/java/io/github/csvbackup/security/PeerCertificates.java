package io.github.csvbackup.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides which node of this agent's own cluster a client is, by its certificate, which TLS has verified. Only the full DNS name of a node counts, in
 * <em>Subject Alternative Name</em>: a machine of another domain or cluster can have the same first label, and anyone can have any common name.
 */
public final class PeerCertificates {
    private final Supplier<Collection<String>> nodes;
    private final Supplier<String> ownNode;
    private final Supplier<ServerCertificate> ownCertificate;
    private final Clock clock;

    /**
     * All values are read for each question.
     *
     * @param nodes the names of all nodes of the cluster; empty while they are unknown
     * @param ownNode the name of this node; empty while it is unknown
     * @param ownCertificate its full name of this node says the domain of all nodes
     */
    public PeerCertificates(
            Supplier<Collection<String>> nodes,
            Supplier<String> ownNode,
            Supplier<ServerCertificate> ownCertificate,
            Clock clock) {
        this.clock = clock;
        this.nodes = nodes;
        this.ownNode = ownNode;
        this.ownCertificate = ownCertificate;
    }

    /** The node with this certificate; empty if it is not one of this cluster. */
    public Optional<Identity> identify(X509Certificate verified) {
        if (clock.instant().isAfter(verified.getNotAfter().toInstant())) {
            // TLS looks at the end only when a session begins, and a session can be resumed for a day.
            return Optional.empty();
        }
        List<String> names;
        try {
            names = ServerCertificate.dnsNames(verified);
        } catch (CertificateParsingException e) {
            // Verified by an authority, but not readable: not a node.
            return Optional.empty();
        }
        return domain(ownCertificate.get().names(), ownNode.get())
                .flatMap(domain -> node(names, nodes.get(), domain))
                .map(node -> new Identity(node, Role.PEER));
    }

    /**
     * Why no client can be recognised, whatever its certificate is.
     *
     * @param text what is wrong
     * @param remedy what to do
     */
    public record Problem(String text, String remedy) {}

    /** Empty if clients can be recognised, and while the name of this node is unknown. */
    public Optional<Problem> problem() {
        String node = ownNode.get();
        List<String> names = ownCertificate.get().names();
        if (node.isEmpty() || domain(names, node).isPresent()) {
            return Optional.empty();
        }
        List<String> domains = domains(names, node);
        String none =
                "No client can be recognised as a node of the cluster (tls-trust): the certificate in tls-keystore ";
        return Optional.of(
                domains.isEmpty()
                        ? new Problem(
                                none + "is for " + (names.isEmpty() ? "no DNS name" : String.join(", ", names))
                                        + ", and not for the full DNS name of this node, such as " + node
                                        + ".example.com",
                                "Replace it with one that has this name in Subject Alternative Name.")
                        : new Problem(
                                none + "has this node in several domains, " + String.join(" and ", domains)
                                        + ", so it does not say that of the cluster's nodes",
                                "Replace it with one that has this node's name in one domain only."));
    }

    /** The domain in the full name of this node; empty if the certificate does not have that name, or has it in several domains. */
    static Optional<String> domain(Collection<String> ownNames, String ownNode) {
        List<String> domains = domains(ownNames, ownNode);
        return domains.size() == 1 ? Optional.of(domains.get(0)) : Optional.empty();
    }

    private static List<String> domains(Collection<String> ownNames, String ownNode) {
        return ownNames.stream()
                .filter(name -> isAscii(name)
                        && !ownNode.isEmpty()
                        && name.length() > ownNode.length() + 1
                        && name.charAt(ownNode.length()) == '.'
                        && same(name.substring(0, ownNode.length()), ownNode))
                .map(name -> name.substring(ownNode.length() + 1).toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /** The node whose full name is one of these names. */
    static Optional<String> node(Collection<String> names, Collection<String> nodes, String domain) {
        return nodes.stream()
                .filter(node -> names.stream().anyMatch(name -> same(name, node + "." + domain)))
                .findFirst();
    }

    /** Without regard to case, for ASCII only: in Unicode, letters that look different can be the same. */
    static boolean same(String a, String b) {
        return a.equalsIgnoreCase(b) && isAscii(a) && isAscii(b);
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(character -> character < 128);
    }
}
