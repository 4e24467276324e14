package io.github.csvbackup.guard;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One check of an assessment.
 *
 * @param name what was checked, such as {@code vss-stopped NODE2}
 * @param seen what was seen, and who said so: a sentence without a full stop
 * @param told the part of it about who said so, and when; empty if there is none
 * @param at when it was seen; null if it was not checked
 * @param remedy what to do about it: a sentence; empty if there is nothing to do
 * @param cause what the check of another node may have found, too; null if it concerns no node
 * @param passesAt an estimate of when it passes if everybody only waits; null if waiting does not help or it is not known
 */
public record Check(
        String name,
        CheckResult result,
        String seen,
        String told,
        @Nullable Instant at,
        String remedy,
        @Nullable Cause cause,
        @Nullable Instant passesAt) {

    /**
     * What several nodes may have in common, so that a message says it once.
     *
     * @param kind checks of the same kind are told together
     * @param sentence for all of them, without a full stop; {@value #NODES} stands for the names of the nodes
     * @param remedy for all of them; empty if waiting is all
     * @param waiting it ends by itself
     */
    public record Cause(String kind, String sentence, String remedy, boolean waiting, String node) {
        static final String NODES = "{nodes}";

        /** How the kind begins if the agent itself has started VSS. */
        static final String OWN_VSS = "VSS by this agent";

        boolean isOwnVss() {
            return kind.startsWith(OWN_VSS);
        }

        /** The same words for each node. */
        static Cause of(String sentence, String remedy, String node) {
            return new Cause(sentence, sentence, remedy, false, node);
        }

        /** The same, of something that ends by itself. */
        static Cause ending(String sentence, String remedy, String node) {
            return new Cause(sentence, sentence, remedy, true, node);
        }
    }

    /** A check that has nothing in common with others, and that does not pass by waiting. */
    public Check(String name, CheckResult result, String seen, @Nullable Instant at, String remedy) {
        this(name, result, seen, "", at, remedy, null, null);
    }

    Check because(Cause shared) {
        return new Check(name, result, seen, told, at, remedy, shared, passesAt);
    }

    /** As {@code seen} says. */
    Check told(String source) {
        return new Check(name, result, seen, source, at, remedy, cause, passesAt);
    }

    /** What was seen, without who said so: that changes with each poll. */
    String brief() {
        return told.isEmpty() ? seen : seen.replace(told, "");
    }

    /**
     * As {@link #because}: {@code seen} and {@code remedy} may name the node, or say "this node", and nothing else in them differs between nodes.
     */
    Check asOn(String node) {
        if (!prevents()) {
            return this;
        }
        Pattern itsName = Pattern.compile("(?<![\\w-])(" + Pattern.quote(node) + "|this node)(?![\\w-])");
        return because(Cause.of(
                itsName.matcher(seen).replaceAll("the node") + ": " + Cause.NODES,
                itsName.matcher(remedy).replaceAll("the node"),
                node));
    }

    Check passingAt(@Nullable Instant estimate) {
        return new Check(name, result, seen, told, at, remedy, cause, estimate);
    }

    /** The same check with the result PASSED. */
    Check passed() {
        return new Check(name, CheckResult.PASSED, seen, at, remedy);
    }

    /** Stands in the way of a clear. */
    boolean prevents() {
        return result.compareTo(CheckResult.DEFERRED) > 0;
    }
}
