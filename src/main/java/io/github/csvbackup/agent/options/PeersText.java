package io.github.csvbackup.agent.options;

import io.github.csvbackup.text.Ascii;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The text of the option peers: {@code off}, or {@code NODE=https://host:port/} and {@code NODE=off}, separated by commas. */
final class PeersText {
    private static final String EXPECTED =
            "off, or NODE=https://HOST:PORT/ or NODE=off for some nodes, separated by commas";

    private static final String SCHEME = "https://";
    /** As remote-port. A node whose agent has another port needs it here. */
    private static final int USUAL_PORT = 8779;

    private PeersText() {}

    /** Null if no agent is asked. */
    static @Nullable PeerOptions parse(GivenValue value) throws UsageException {
        if (value.isOff()) {
            return null;
        }
        Map<String, PeerOptions.Place> places = new HashMap<>();
        Set<String> off = new TreeSet<>();
        Set<String> nodes = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        if (value.text().isEmpty()) {
            return PeerOptions.USUAL;
        }
        for (String entry : value.text().split(",", -1)) {
            int equals = entry.indexOf('=');
            String node = equals < 0 ? "" : entry.substring(0, equals).strip();
            String where = entry.substring(equals + 1).strip();
            PeerOptions.Place place = place(where);
            if (node.isEmpty() || (place == null && !where.equals("off"))) {
                throw value.invalid(EXPECTED);
            }
            if (!nodes.add(node)) {
                throw new UsageException(value + " names " + node + " twice; keep one of them.");
            }
            if (place == null) {
                off.add(node);
            } else {
                places.put(node, place);
            }
        }
        return new PeerOptions(places, off);
    }

    /** Null if it is not an address. Not by java.net.URI, which knows no host with an underscore. */
    private static PeerOptions.@Nullable Place place(String text) {
        if (!text.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return null;
        }
        String authority = text.substring(SCHEME.length());
        if (authority.endsWith("/")) {
            authority = authority.substring(0, authority.length() - 1);
        }
        int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : hostEnd(authority);
        if (end == 0) {
            return null;
        }
        String host = authority.startsWith("[") ? authority.substring(1, end - 1) : authority.substring(0, end);
        String port = authority.substring(end);
        boolean known = authority.startsWith("[") ? isAddress(host) : isName(host);
        int number = port.isEmpty() ? USUAL_PORT : port.charAt(0) == ':' ? port(port.substring(1)) : 0;
        return known && number > 0 ? new PeerOptions.Place(host, number) : null;
    }

    private static int hostEnd(String authority) {
        int colon = authority.indexOf(':');
        return colon < 0 ? authority.length() : colon;
    }

    /** 0 if it is not a port. */
    private static int port(String text) {
        if (text.isEmpty() || text.length() > 5 || !Ascii.areDigits(text, 0)) {
            return 0;
        }
        int port = Integer.parseInt(text);
        return port > 65535 ? 0 : port;
    }

    private static boolean isName(String host) {
        return !host.isEmpty()
                && host.chars()
                        .allMatch(c -> (c < 128 && Character.isLetterOrDigit(c)) || c == '-' || c == '.' || c == '_');
    }

    private static boolean isAddress(String host) {
        return host.indexOf(':') >= 0
                && host.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.');
    }
}
