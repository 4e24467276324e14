package io.github.csvbackup.guard;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many nodes in few words. */
public final class NodeNames {
    private static final int MOST_PARTS = 3;
    private static final int SHORTEST_RANGE = 3;
    /** More than three nodes are named only as far as the names fit: messages must stay short. */
    private static final int MOST_CHARACTERS = 36;
    /** To name some of most nodes tells nothing. */
    private static final int MANY = 10;

    private static final Pattern NUMBERED = Pattern.compile("(.*?)([0-9]{1,9})");

    private NodeNames() {}

    /**
     * {@code NODE1}, {@code NODE1 and NODE4}, {@code NODE1 to NODE16}, {@code 3 nodes: A, B, C}, {@code 60 nodes: A, B, C and others}, or
     * {@code all 64 nodes}.
     *
     * @param nodes different names, in the cluster's order; not empty
     * @param inCluster how many nodes the cluster has
     */
    public static String of(List<String> nodes, int inCluster) {
        if (nodes.size() == inCluster && inCluster >= SHORTEST_RANGE) {
            return "all " + inCluster + " nodes";
        }
        List<String> parts = ranges(nodes);
        if (parts.size() == 1) {
            return parts.get(0);
        }
        if (nodes.size() == 2) {
            return nodes.get(0) + " and " + nodes.get(1);
        }
        if (nodes.size() >= MANY && 2 * nodes.size() > inCluster) {
            return nodes.size() + " of " + inCluster + " nodes";
        }
        int count = Math.min(MOST_PARTS, parts.size());
        while (count > 1 && nodes.size() > MOST_PARTS && named(parts, count).length() > MOST_CHARACTERS) {
            count--;
        }
        return nodes.size() + " nodes: " + named(parts, count) + (parts.size() > count ? " and others" : "");
    }

    private static String named(List<String> parts, int count) {
        return String.join(", ", parts.subList(0, count));
    }

    private static List<String> ranges(List<String> nodes) {
        List<String> parts = new ArrayList<>();
        for (int from = 0; from < nodes.size(); ) {
            int to = from + 1;
            while (to < nodes.size() && follows(nodes.get(to - 1), nodes.get(to))) {
                to++;
            }
            if (to - from >= SHORTEST_RANGE) {
                parts.add(nodes.get(from) + " to " + nodes.get(to - 1));
            } else {
                parts.addAll(nodes.subList(from, to));
            }
            from = to;
        }
        return parts;
    }

    private static boolean follows(String name, String next) {
        Matcher one = NUMBERED.matcher(name);
        Matcher other = NUMBERED.matcher(next);
        return one.matches()
                && other.matches()
                && one.group(1).equals(other.group(1))
                && Integer.parseInt(one.group(2)) + 1 == Integer.parseInt(other.group(2))
                && (one.group(2).length() == other.group(2).length() || !isPadded(one.group(2), other.group(2)));
    }

    /** Leading zeros give all numbers the same length; without them 9 is followed by 10. */
    private static boolean isPadded(String number, String next) {
        return number.startsWith("0") || next.startsWith("0");
    }
}
