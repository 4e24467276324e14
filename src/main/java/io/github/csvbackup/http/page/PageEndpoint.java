package io.github.csvbackup.http.page;

import io.github.csvbackup.clear.ClearCounts;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.guard.Guard;
import io.github.csvbackup.http.Endpoint;
import io.github.csvbackup.http.Reply;
import io.github.csvbackup.http.Request;
import io.github.csvbackup.leftover.Leftovers;
import io.github.csvbackup.peer.PeerStatus;
import io.github.csvbackup.text.PiecedText;
import io.github.csvbackup.text.Times;
import io.github.csvbackup.watch.Snapshot;
import io.github.csvbackup.watch.VolumeWatch;
import io.github.csvbackup.watch.WatchSettings;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The page: without scripts, and without requests to other servers. It is made once for all requests of the same second. Thread-safe. */
public final class PageEndpoint implements Endpoint {
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'", "X-Frame-Options", "DENY");
    /** The query of a page that a reader wants to keep as it is, to copy from it. */
    private static final String STILL = "reload=off";

    private static final PiecedText NOTHING = PiecedText.of("");
    private static final PiecedText RELOAD = PiecedText.of("<meta http-equiv=\"refresh\" content=\"30\">");
    private static final PiecedText STOP = PiecedText.of(
            "This page reloads every 30 seconds. <a href=\"/?" + STILL + "\">Stop reloading</a> to copy from it.");
    private static final PiecedText GO_ON =
            PiecedText.of("This page does not reload by itself. <a href=\"/\">Reload it</a>, and every 30 seconds.");

    private final Facts facts;
    private final VolumeWatch watch;
    private final Guard guard;
    private final WatchSettings settings;
    private final Clock clock;
    private final Template template = Template.ofResource("page.html");
    private @Nullable Made newest;

    /**
     * What the page shows besides the volumes.
     *
     * @param version the agent's
     * @param auditHead number and hash of the newest line of the audit, shown to operators only
     * @param times the local time of the node
     * @param peers the last question to the agent of each other node; must not block
     * @param leftovers what is known of what failed backups left behind; must not block
     */
    public record Facts(
            String version,
            Cluster cluster,
            Supplier<ClearCounts> clears,
            Supplier<String> auditHead,
            Times times,
            Supplier<List<PeerStatus>> peers,
            Supplier<Leftovers> leftovers) {}

    /** What all requests of one second, to one address, have in common. */
    private record Made(Snapshot snapshot, long second, String address, Map<String, PiecedText> contents) {
        @SuppressWarnings("ReferenceEquality") // each poll makes a new snapshot, and comparing two takes long
        boolean isFor(Snapshot nowKnown, Instant now, String nowAddress) {
            return snapshot == nowKnown && second == now.getEpochSecond() && address.equals(nowAddress);
        }
    }

    public PageEndpoint(Facts facts, VolumeWatch watch, Guard guard, WatchSettings settings, Clock clock) {
        this.facts = facts;
        this.watch = watch;
        this.guard = guard;
        this.settings = settings;
        this.clock = clock;
    }

    @Override
    public Reply answer(Request request) {
        boolean still = STILL.equals(request.uri().getQuery());
        Map<String, PiecedText> contents = new HashMap<>(contents(request.address()));
        contents.put("refresh", still ? NOTHING : RELOAD);
        contents.put("reload", still ? GO_ON : STOP);
        contents.put("audit", request.operator() ? audit() : NOTHING);
        return new Reply(200, "text/html; charset=utf-8", template.fill(contents), HEADERS);
    }

    /** Those who ask at once wait for one of them. */
    private synchronized Map<String, PiecedText> contents(String address) {
        Snapshot snapshot = watch.snapshot();
        Instant now = clock.instant();
        Made made = newest;
        if (made == null || !made.isFor(snapshot, now, address)) {
            Reading reading =
                    new Reading(snapshot, snapshot.names(), snapshot.isFresh(now, settings), facts.times(), now);
            Page page = new Page(
                    reading,
                    guard,
                    facts.clears().get(),
                    facts.cluster(),
                    facts.peers().get(),
                    facts.leftovers().get(),
                    facts.version(),
                    address);
            made = new Made(snapshot, now.getEpochSecond(), address, page.contents());
            newest = made;
        }
        return made.contents();
    }

    private PiecedText audit() {
        return new Html()
                .markup("<p>Newest audit line: ")
                .code(facts.auditHead().get())
                .markup(". Keep a copy elsewhere and check it later with <code>audit --verify --expect</code>.</p>")
                .build();
    }
}
