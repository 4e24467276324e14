package io.github.csvbackup.security;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rejects requests that a browser sends on behalf of another site (cross-site requests and DNS rebinding). */
public final class BrowserDefence {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String host;
    private final boolean certified;

    /**
     * For one server.
     *
     * @param host the name or address in the option host
     * @param certified whether the server has a certificate; then browsers reject all other names themselves
     */
    public BrowserDefence(String host, boolean certified) {
        this.host = host.toLowerCase(Locale.ROOT);
        this.certified = certified;
    }

    /**
     * The reason for a rejection.
     *
     * @param reason a word for the metric
     * @param sentence the message for users
     */
    public record Rejection(String reason, String sentence) {}

    /**
     * Checks three headers.
     *
     * @param hostHeader null in HTTP/1.0, which browsers do not use
     * @return empty if the request is allowed
     */
    public Optional<Rejection> judge(@Nullable String hostHeader, @Nullable String origin, @Nullable String fetchSite) {
        if (hostHeader != null && !isOurs(nameOf(hostHeader))) {
            return Optional.of(new Rejection(
                    "host", "The Host header names another server. Use http://127.0.0.1 and the agent's port."));
        }
        if (fetchSite != null && !fetchSite.equals("same-origin") && !fetchSite.equals("none")) {
            return Optional.of(new Rejection("fetch-site", "Requests from pages of other sites are not allowed."));
        }
        if (origin != null && !isSameOrigin(origin, hostHeader)) {
            return Optional.of(new Rejection("origin", "Requests from pages of other origins are not allowed."));
        }
        return Optional.empty();
    }

    private boolean isOurs(String name) {
        return certified || LOOPBACK.contains(name) || name.equals(host);
    }

    private static boolean isSameOrigin(String origin, @Nullable String hostHeader) {
        try {
            String authority = new URI(origin).getAuthority();
            return authority != null && authority.equalsIgnoreCase(hostHeader);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String nameOf(String hostHeader) {
        String text = hostHeader.strip().toLowerCase(Locale.ROOT);
        int colon = text.lastIndexOf(':');
        return colon > text.lastIndexOf(']') ? text.substring(0, colon) : text;
    }
}
