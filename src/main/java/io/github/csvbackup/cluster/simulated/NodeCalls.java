package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The calls of an agent that is one node of the cluster of another agent, as JSON: {@code {"node":"NODE2","call":"service","arguments":["NODE2","VSS"]}}.
 * The answer is {@code {"answer":...}} or {@code {"failure":{...}}}.
 */
final class NodeCalls {
    static final String NODE = "node";
    static final String CALL = "call";
    static final String ARGUMENTS = "arguments";
    static final String ANSWER = "answer";
    static final String FAILURE = "failure";

    private NodeCalls() {}

    /** The answer to a request. */
    static String answer(SimulatedCluster cluster, String request) {
        Map<String, @Nullable Object> reply = new LinkedHashMap<>();
        try {
            if (!(Json.read(request) instanceof Map<?, ?> call)
                    || !(call.get(NODE) instanceof String node)
                    || !(call.get(CALL) instanceof String name)
                    || !(call.get(ARGUMENTS) instanceof List<?> arguments)) {
                throw ClusterException.unavailable("the request is not a call of a node", differentVersion());
            }
            reply.put(ANSWER, RecordJson.of(answer(cluster.seenBy(node), name, arguments)));
        } catch (ClusterException e) {
            reply.put(FAILURE, RecordJson.of(e));
        } catch (JsonException | ClassCastException | IndexOutOfBoundsException | IllegalArgumentException e) {
            reply.put(
                    FAILURE,
                    RecordJson.of(ClusterException.unavailable(
                            "the request is not a call of a node: " + e, differentVersion())));
        }
        return Json.write(reply);
    }

    private static @Nullable Object answer(Cluster cluster, String call, List<?> arguments) throws ClusterException {
        return switch (call) {
            case "overview" -> cluster.overview();
            case "disk" -> cluster.disk(text(arguments, 0));
            case "volumes" -> cluster.volumes(text(arguments, 0));
            case "service" -> cluster.service(text(arguments, 0), text(arguments, 1));
            case "shadowCopies" -> cluster.shadowCopies(text(arguments, 0));
            case "ioStates" -> cluster.ioStates(text(arguments, 0));
            case "virtualMachines" -> cluster.virtualMachines().orElse(null);
            case "differencingDisks" ->
                cluster.differencingDisks(((List<?>) arguments.get(0))
                        .stream().map(String.class::cast).toList());
            case "clear" -> {
                Volume volume = (Volume) RecordJson.read(Volume.class, arguments.get(0));
                if (volume == null) {
                    throw new IllegalArgumentException("there is no volume");
                }
                cluster.clear(volume, text(arguments, 1));
                yield null;
            }
            default -> throw new IllegalArgumentException("there is no call " + call);
        };
    }

    private static String text(List<?> arguments, int index) {
        return (String) arguments.get(index);
    }

    static String differentVersion() {
        return "Run the same version of the agent for all nodes of the simulated cluster.";
    }
}
