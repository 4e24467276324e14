package io.github.csvbackup.agent.cli.certificates;

import io.github.csvbackup.agent.options.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Checks the names that the user gives. Windows also allows underscores. */
public final class NodeNames {
    private static final int MOST_NODES = 64;
    private static final int LONGEST_NAME = 253;
    private static final String LABEL_TEXT = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    private static final Pattern LABEL = Pattern.compile(LABEL_TEXT);
    private static final Pattern DOMAIN = Pattern.compile(LABEL_TEXT + "(?:\\." + LABEL_TEXT + ")*");

    private NodeNames() {}

    /** Whether it can be the first label of a DNS name. */
    static boolean isNode(String name) {
        return LABEL.matcher(name).matches();
    }

    static boolean isDomain(String name) {
        return name.length() <= LONGEST_NAME && DOMAIN.matcher(name).matches();
    }

    /**
     * The nodes of a list.
     *
     * @param list such as {@code NODE1,NODE2}
     * @throws UsageException if it is empty, or has an invalid or a repeated name
     */
    public static List<String> nodes(String list) throws UsageException {
        List<String> nodes = new ArrayList<>();
        Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (String part : list.split(",", -1)) {
            String node = part.strip();
            if (node.isEmpty()) {
                throw new UsageException("--nodes=" + list
                        + " has an empty name; expected the names of nodes, separated by commas, such as NODE1,NODE2.");
            }
            if (!isNode(node)) {
                throw new UsageException(
                        "The node '" + node + "' (--nodes) is not a valid host name; expected at most 63"
                                + " letters, digits, hyphens and underscores, without the domain, such as NODE1.");
            }
            if (!known.add(node)) {
                throw new UsageException(
                        "The node '" + node + "' (--nodes) is given twice; keep one of them. Case does not matter.");
            }
            nodes.add(node);
        }
        if (nodes.size() > MOST_NODES) {
            throw new UsageException(
                    "--nodes has " + nodes.size() + " names; a cluster has at most " + MOST_NODES + " nodes.");
        }
        return nodes;
    }

    /** The domain, in lower case. */
    public static String domain(String text) throws UsageException {
        if (!isDomain(text)) {
            throw new UsageException("--domain=" + text
                    + " is not a valid domain; expected the part of the nodes' full DNS names after the first dot, such as"
                    + " example.com.");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /** The name of the cluster, which becomes a part of the authority's name. */
    public static String cluster(String text) throws UsageException {
        if (!isNode(text)) {
            throw new UsageException("--cluster=" + text + " is not a valid name; expected at most 63 letters, digits,"
                    + " hyphens and underscores, such as HV1.");
        }
        return text;
    }

    /** The full DNS name, which clients use. */
    static String full(String node, String domain) throws UsageException {
        String name = node + "." + domain;
        if (name.length() > LONGEST_NAME) {
            throw new UsageException(
                    "The name " + name + " is longer than " + LONGEST_NAME + " characters; use a shorter --domain.");
        }
        return name;
    }
}
