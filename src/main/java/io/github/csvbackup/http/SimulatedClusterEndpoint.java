package io.github.csvbackup.http;

import io.github.csvbackup.security.Identity;
import java.util.function.UnaryOperator;

/** Lets other agents on this machine be nodes of the simulated cluster that this agent holds. They need the operator's token: a call can clear a state. */
public final class SimulatedClusterEndpoint implements Endpoint {
    private static final String NEEDS_THE_TOKEN = "Joining the simulated cluster needs the operator's token.";

    private final UnaryOperator<String> cluster;

    /** @param cluster answers a call */
    public SimulatedClusterEndpoint(UnaryOperator<String> cluster) {
        this.cluster = cluster;
    }

    @Override
    public Reply answer(Request request) {
        if (!request.identity().equals(Identity.TOKEN)) {
            return request.identity().equals(Identity.ANONYMOUS)
                    ? Reply.unauthorized(NEEDS_THE_TOKEN)
                    : Reply.text(403, NEEDS_THE_TOKEN);
        }
        if (!request.method().equals("POST")) {
            return Reply.text(405, "Use POST.");
        }
        try {
            return Reply.json(200, cluster.apply(request.body().text()));
        } catch (IllegalArgumentException e) {
            return Reply.text(400, String.valueOf(e.getMessage()));
        }
    }
}
