package io.github.csvbackup.http.server;

import io.github.csvbackup.text.Ascii;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parses the head of a request strictly (RFC 9112): input that two programs might read differently is refused.
 */
final class HeadParser {
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final int MOST_HEADERS = 100;
    private static final int LONGEST_LENGTH = 18;
    private static final String TOKEN_SIGNS = "!#$%&'*+-.^_`|~";
    private static final int TLS_HANDSHAKE = 0x16;

    private final InputBuffer input;
    private int searched;

    HeadParser(InputBuffer input) {
        this.input = input;
    }

    /** The head of the next request when it is complete, otherwise null. */
    @Nullable
    Head next() throws MalformedRequestException {
        skipEmptyLines();
        if (input.size() > 0 && input.at(0) == TLS_HANDSHAKE) {
            throw new MalformedRequestException(400, "This port uses plain HTTP, not TLS. Use http://.");
        }
        int end = endOfHead();
        if (end < 0) {
            searched = Math.max(0, input.size() - 3);
            if (input.size() > LONGEST_HEAD) {
                throw tooLong();
            }
            return null;
        }
        if (end > LONGEST_HEAD) {
            throw tooLong();
        }
        searched = 0;
        String[] lines = input.takeText(end + 4).substring(0, end).split("\r\n", -1);
        return parse(lines);
    }

    /** Some clients end a body with a line feed that is not part of it (RFC 9112, 2.2). */
    private void skipEmptyLines() {
        while (input.size() >= 2 && input.at(0) == '\r' && input.at(1) == '\n') {
            input.skip(2);
        }
    }

    private int endOfHead() {
        for (int at = input.lineEnd(searched); at >= 0; at = input.lineEnd(at + 1)) {
            if (at + 3 < input.size() && input.at(at + 2) == '\r' && input.at(at + 3) == '\n') {
                return at;
            }
        }
        return -1;
    }

    private static MalformedRequestException tooLong() {
        return new MalformedRequestException(
                431,
                "The request's head is longer than " + LONGEST_HEAD
                        + " bytes. Send a shorter address or fewer headers.");
    }

    private static MalformedRequestException bad(String sentence) {
        return new MalformedRequestException(400, sentence);
    }

    private static Head parse(String[] lines) throws MalformedRequestException {
        String[] words = lines[0].split(" ", -1);
        if (words.length != 3 || !isToken(words[0])) {
            throw bad(
                    "The request line is not valid; expected METHOD, address and HTTP/1.1, separated by single spaces.");
        }
        int minorVersion = minorVersion(words[2]);
        Map<String, List<String>> headers = headers(lines);
        String target = words[1];
        String host = host(headers, minorVersion);
        int slashes = target.indexOf("://");
        if (!target.startsWith("/") && slashes > 0) {
            // Absolute form: its authority replaces the Host header (RFC 9112, 3.2.2).
            int path = target.indexOf('/', slashes + 3);
            host = target.substring(slashes + 3, path < 0 ? target.length() : path);
            target = path < 0 ? "/" : target.substring(path);
        }
        return new Head(words[0], uri(target), host, minorVersion, headers, length(headers, minorVersion));
    }

    private static int minorVersion(String version) throws MalformedRequestException {
        return switch (version) {
            case "HTTP/1.1" -> 1;
            case "HTTP/1.0" -> 0;
            default -> throw bad("The HTTP version is not supported. Use HTTP/1.1.");
        };
    }

    private static Map<String, List<String>> headers(String[] lines) throws MalformedRequestException {
        if (lines.length - 1 > MOST_HEADERS) {
            throw new MalformedRequestException(
                    431, "The request has more than " + MOST_HEADERS + " headers. Send fewer.");
        }
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon <= 0 || !isToken(lines[i].substring(0, colon))) {
                throw bad("A header line is not valid; expected NAME: VALUE.");
            }
            String value = trimmed(lines[i].substring(colon + 1));
            if (!isPrintable(value)) {
                throw bad("A header value contains a control character. Send printable text.");
            }
            headers.computeIfAbsent(lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                    .add(value);
        }
        return Collections.unmodifiableMap(headers);
    }

    private static @Nullable String host(Map<String, List<String>> headers, int minorVersion)
            throws MalformedRequestException {
        List<String> hosts = headers.getOrDefault("host", List.of());
        if (hosts.size() > 1 || (hosts.isEmpty() && minorVersion > 0)) {
            throw bad("HTTP/1.1 requires exactly one Host header.");
        }
        return hosts.isEmpty() ? null : hosts.get(0);
    }

    private static URI uri(String target) throws MalformedRequestException {
        if (!target.startsWith("/") && !target.equals("*")) {
            throw bad("The address in the request line is not valid; expected a path that begins with a slash.");
        }
        try {
            // Two slashes would begin an authority: //evil/metrics must not be read as /metrics of another host.
            return new URI(target.startsWith("//") ? "/%2F" + target.substring(2) : target);
        } catch (URISyntaxException e) {
            throw bad("The address in the request line is not a valid URI: " + e.getReason() + ".");
        }
    }

    /** The length of the body (RFC 9112, 6.3). */
    private static long length(Map<String, List<String>> headers, int minorVersion) throws MalformedRequestException {
        List<String> encodings = headers.get("transfer-encoding");
        List<String> lengths = headers.get("content-length");
        if (encodings != null) {
            if (lengths != null || minorVersion == 0) {
                throw bad("Transfer-Encoding cannot be combined with Content-Length or HTTP/1.0.");
            }
            if (encodings.size() != 1 || !encodings.get(0).equalsIgnoreCase("chunked")) {
                throw bad("The Transfer-Encoding is not supported; only chunked is.");
            }
            return -1;
        }
        if (lengths == null) {
            return 0;
        }
        String length = lengths.get(0);
        if (lengths.size() > 1 || length.isEmpty() || length.length() > LONGEST_LENGTH || !Ascii.areDigits(length, 0)) {
            throw bad("Content-Length is not valid; expected one number.");
        }
        return Long.parseLong(length);
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && TOKEN_SIGNS.indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** Removes spaces and tabs at both ends (RFC 9110, 5.6.3), and no other characters. */
    static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && (text.charAt(from) == ' ' || text.charAt(from) == '\t')) {
            from++;
        }
        while (to > from && (text.charAt(to - 1) == ' ' || text.charAt(to - 1) == '\t')) {
            to--;
        }
        return text.substring(from, to);
    }

    static boolean isPrintable(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' || c == 0x7F) && c != '\t') {
                return false;
            }
        }
        return true;
    }
}
