package io.github.csvbackup.peer;

import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What must hold before the answer of another agent counts. It came over a verified channel.
 *
 * @param ignored checks that are left out: only for tests, which show that each is needed
 */
record AnswerCheck(Set<PeerOutcome> ignored) {
    static final AnswerCheck ALL = new AnswerCheck(Set.of());

    private static final String VERSIONS = "Give all nodes the same version of the agent.";

    /**
     * The evidence in an answer.
     *
     * @param body the answer to the HTTP request
     * @param at when it came
     * @throws PeerException if it does not count
     */
    LocalEvidence evidence(String body, Question question, PeerAddress address, OwnCluster own, Instant at)
            throws PeerException {
        LocalEvidence told = read(value(body, address), address, at);
        require(
                told.question().equals(question.id()),
                PeerOutcome.OTHER_QUESTION,
                address + " answered another question",
                // Within TLS, nothing between the nodes can do that.
                "Restart the agent on " + address.node() + ".");
        require(
                told.node().equalsIgnoreCase(address.node()),
                PeerOutcome.OTHER_NODE,
                address + " says that it runs on " + PeerFailures.quoted(told.node()),
                "Correct the address of " + address.node() + ", in DNS or in the option peers.");
        require(
                told.simulated() == own.simulated(),
                PeerOutcome.SIMULATED,
                address + (told.simulated() ? " watches a simulated cluster" : " does not watch a simulated cluster"),
                "Use the same backend on all nodes.");
        boolean sharesDisks = told.sharedDisks().stream().anyMatch(own.sharedDisks()::contains);
        require(
                sharesDisks || told.sharedDisks().equals(own.sharedDisks()),
                PeerOutcome.OTHER_CLUSTER,
                address + " lists none of the shared disks of this node: it belongs to another cluster ("
                        + PeerFailures.quoted(told.cluster()) + ")",
                "Correct the address of " + address.node() + ", in DNS or in the option peers.");
        require(
                told.sharedDisks().equals(own.sharedDisks()),
                PeerOutcome.OTHER_CLUSTER,
                address
                        + " lists only some of the shared disks of this node, or more, as if a disk was just added or removed",
                "Try again after the next poll. If that does not help, run the self test of both agents: their polls may fail.");
        require(
                !question.withShadowCopies() || told.evidence().shadowCopies() != null,
                PeerOutcome.MALFORMED,
                address + " was asked for its shadow copies and did not list them",
                VERSIONS);
        return told;
    }

    private void require(boolean holds, PeerOutcome otherwise, String message, String remedy) throws PeerException {
        if (!holds && !ignored.contains(otherwise)) {
            throw new PeerException(otherwise, message, remedy);
        }
    }

    private static LocalEvidence read(@Nullable Object value, PeerAddress address, Instant at) throws PeerException {
        try {
            return LocalEvidenceJson.read(value, at);
        } catch (MalformedEvidenceException e) {
            throw new PeerException(
                    PeerOutcome.MALFORMED,
                    address + " sent evidence that this version cannot read: " + PeerFailures.quoted(e.getMessage()),
                    VERSIONS);
        }
    }

    private static @Nullable Object value(String body, PeerAddress address) throws PeerException {
        Object answer;
        try {
            answer = Json.read(body);
        } catch (JsonException e) {
            throw notAnAgent(address);
        }
        if (!(answer instanceof Map<?, ?> map) || !(map.get("status") instanceof Long status)) {
            throw notAnAgent(address);
        }
        if (status == 200) {
            return map.get("value");
        }
        throw refused(status, error(map.get("error")), address);
    }

    /** Anything but a text is only named: an array may contain itself many thousand times. */
    private static String error(@Nullable Object error) {
        return PeerFailures.quoted(error instanceof String text ? text : JsonFields.shown(error));
    }

    private static PeerException refused(long status, String error, PeerAddress address) {
        if (status == 401 || status == 403) {
            return new PeerException(
                    PeerOutcome.FORBIDDEN,
                    address + " does not let this node ask: " + error,
                    PeerFailures.forbiddenRemedy(address));
        }
        if (status == 404 || error.contains("No operation " + Question.OPERATION)) {
            return new PeerException(
                    PeerOutcome.UNSUPPORTED,
                    address + " has a version that cannot be asked for evidence: " + error,
                    VERSIONS);
        }
        return new PeerException(
                PeerOutcome.FAILED,
                address + " failed: " + error,
                "Check the log of the agent on " + address.node() + ".");
    }

    private static PeerException notAnAgent(PeerAddress address) {
        return new PeerException(
                PeerOutcome.MALFORMED,
                address + " sent something that is not the answer of an agent",
                "Check which program listens there.");
    }
}
