package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one or two sources said about a node; null for what was not asked.
 *
 * @param vss the Volume Shadow Copy service
 * @param softwareProvider Microsoft's software provider for shadow copies
 * @param machines what the node's agent says of virtual machines; no other source knows
 * @param saidOfList the node's agent answered the question for the list, perhaps with why there is none: no other source is asked for one
 */
record NodeLook(
        @Nullable ServiceLook vss,
        @Nullable ServiceLook softwareProvider,
        @Nullable NodeAnswer<ShadowCopies> shadowCopies,
        @Nullable MachineBackups machines,
        boolean saidOfList) {
    static final NodeLook NOTHING = new NodeLook(null, null, null);

    NodeLook(
            @Nullable ServiceLook vss,
            @Nullable ServiceLook softwareProvider,
            @Nullable NodeAnswer<ShadowCopies> shadowCopies) {
        this(vss, softwareProvider, shadowCopies, null, false);
    }

    /** The answer of the node's agent, which came at this time by this agent's clock. */
    static NodeLook ofPeer(PeerEvidence told, String node, Instant at) {
        NodeAnswer<ShadowCopies> listed = told.shadowCopies();
        return new NodeLook(
                ServiceLook.ofPeer(told.vss(), node, at),
                ServiceLook.ofPeer(told.softwareProvider(), node, at),
                listed == null ? null : new NodeAnswer<>(at, listed.value(), listed.problem(), Source.AGENT_OF_NODE),
                told.machines(),
                listed != null);
    }

    /** A source gave nothing of what was asked. */
    static NodeLook failed(Wish wish, Source source, Instant at, Problem problem) {
        ServiceLook service =
                ServiceLook.of(NodeAnswer.<ServiceStatus>none(at, problem).from(source));
        return new NodeLook(
                wish.vss() ? service : null,
                wish.softwareProvider() ? service : null,
                wish.shadowCopies() ? NodeAnswer.<ShadowCopies>none(at, problem).from(source) : null);
    }

    /** What of a wish another source may be asked for. Reading a service again changes nothing; another list starts VSS. */
    Wish missing(Wish wish) {
        return new Wish(
                wish.vss() && (vss == null || vss.answer().value() == null),
                wish.softwareProvider()
                        && (softwareProvider == null
                                || softwareProvider.answer().value() == null),
                wish.shadowCopies() && !saidOfList && (shadowCopies == null || shadowCopies.value() == null));
    }

    /** Fills what is missing with what another source said; an answer of this one stands. */
    NodeLook orElse(NodeLook other) {
        return new NodeLook(
                first(vss, other.vss()),
                first(softwareProvider, other.softwareProvider()),
                first(shadowCopies, other.shadowCopies()),
                machines == null ? other.machines() : machines,
                saidOfList);
    }

    private static @Nullable ServiceLook first(@Nullable ServiceLook one, @Nullable ServiceLook other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        if (one.answer().value() != null || other.answer().value() != null) {
            return one.answer().value() != null ? one : other;
        }
        NodeAnswer<ServiceStatus> none = first(one.answer(), other.answer());
        return none == null ? other : ServiceLook.of(none);
    }

    private static <T> @Nullable NodeAnswer<T> first(@Nullable NodeAnswer<T> one, @Nullable NodeAnswer<T> other) {
        if (one == null || other == null || one.value() != null || other.value() != null) {
            return other == null || (one != null && one.value() != null) ? one : other;
        }
        Problem problem = one.problem();
        Problem otherProblem = other.problem();
        Source source = other.source();
        return problem == null || otherProblem == null || source == null
                ? other
                : NodeAnswer.<T>none(one.at(), Problem.ofBoth(problem, source, otherProblem))
                        .from(source);
    }
}
