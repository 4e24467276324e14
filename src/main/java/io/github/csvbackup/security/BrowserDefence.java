package io.github.csvbackup.security;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rejects what a browser sends on behalf of another site, and names that were bound to this address from elsewhere. */
public final class BrowserDefence {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final String host;
    private final boolean certified;

    /**
     * The defence of one server.
     *
     * @param host the name or address that it was told to listen on
     * @param certified it proves its name by a certificate: then no other name leads a browser here
     */
    public BrowserDefence(String host, boolean certified) {
        this.host = host.toLowerCase(Locale.ROOT);
        this.certified = certified;
    }

    /**
     * Why a request is rejected.
     *
     * @param reason a word for the metric
     * @param sentence for people
     */
    public record Rejection(String reason, String sentence) {}

    /**
     * Looks at the three headers that tell.
     *
     * @param hostHeader null in HTTP/1.0, which no browser speaks
     * @return empty if nothing speaks against the request
     */
    public Optional<Rejection> judge(@Nullable String hostHeader, @Nullable String origin, @Nullable String fetchSite) {
        if (hostHeader != null && !isOurs(nameOf(hostHeader))) {
            return Optional.of(new Rejection(
                    "host", "The Host header names another server. Use http://127.0.0.1 and the agent's port."));
        }
        if (fetchSite != null && !fetchSite.equals("same-origin") && !fetchSite.equals("none")) {
            return Optional.of(new Rejection("fetch-site", "A page of another site may not use the agent."));
        }
        if (origin != null && !isSameOrigin(origin, hostHeader)) {
            return Optional.of(new Rejection("origin", "A page of another origin may not use the agent."));
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
