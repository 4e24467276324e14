package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.DifferencingDisks;
import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** One node of the simulated cluster that another agent holds. Without that agent, every call fails as with a Cluster service that is down. */
public final class JoinedCluster implements Cluster {
    /** Longer than the agent's own deadlines, so that a call that hangs in the other agent looks like one that hangs here. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final URI holder;
    private final String node;
    private final HolderConnection connection;

    /**
     * Does not connect yet.
     *
     * @param holder the address of the other agent, with a slash at the end
     * @param node the node that this agent is
     * @param token reads the operator's token of that agent
     */
    public JoinedCluster(URI holder, String node, Callable<String> token) {
        this(holder, node, token, PATIENCE);
    }

    /** @param patience how long to wait for an answer */
    JoinedCluster(URI holder, String node, Callable<String> token, Duration patience) {
        this.holder = holder;
        this.node = node;
        this.connection = new HolderConnection(holder, token, patience);
    }

    @Override
    public Backend backend() {
        return Backend.SIMULATED;
    }

    @Override
    public BackupStateSupport backupStateSupport() {
        return BackupStateSupport.SIMULATED;
    }

    @Override
    public List<Finding> machine(Duration deadline) {
        return SimulatedCluster.machineFindings();
    }

    @Override
    public ClusterOverview overview() throws ClusterException {
        return call(ClusterOverview.class, "overview");
    }

    @Override
    public SharedDisk disk(String disk) throws ClusterException {
        return call(SharedDisk.class, "disk", disk);
    }

    @Override
    public List<Volume> volumes(String disk) throws ClusterException {
        return List.of(call(Volume[].class, "volumes", disk));
    }

    @Override
    public ServiceStatus service(String of, String service) throws ClusterException {
        return call(ServiceStatus.class, "service", of, service);
    }

    @Override
    public ShadowCopies shadowCopies(String of) throws ClusterException {
        return call(ShadowCopies.class, "shadowCopies", of);
    }

    @Override
    public List<VolumeIoState> ioStates(String disk) throws ClusterException {
        return List.of(call(VolumeIoState[].class, "ioStates", disk));
    }

    @Override
    public Optional<List<VirtualMachine>> virtualMachines() throws ClusterException {
        return Optional.ofNullable(read(VirtualMachine[].class, ask("virtualMachines")))
                .map(List::of);
    }

    @Override
    public DifferencingDisks differencingDisks(List<String> folders) throws ClusterException {
        return call(DifferencingDisks.class, "differencingDisks", folders);
    }

    @Override
    public void clear(Volume volume, String root) throws ClusterException {
        ask("clear", volume, root);
    }

    @Override
    public void close() {}

    private <T> T call(Class<T> type, String call, Object... arguments) throws ClusterException {
        T read = read(type, ask(call, arguments));
        if (read == null) {
            throw notUnderstood("null");
        }
        return read;
    }

    private <T> @Nullable T read(Class<T> type, @Nullable Object answer) throws ClusterException {
        try {
            return type.cast(RecordJson.read(type, answer));
        } catch (IllegalArgumentException | ArithmeticException | ClassCastException e) {
            throw notUnderstood(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Object ask(String call, Object... arguments) throws ClusterException {
        Map<String, @Nullable Object> request = new LinkedHashMap<>();
        request.put(NodeCalls.NODE, node);
        request.put(NodeCalls.CALL, call);
        request.put(NodeCalls.ARGUMENTS, RecordJson.of(Arrays.asList(arguments)));
        Object reply = send(Json.write(request));
        if (reply instanceof Map<?, ?> map) {
            if (map.get(NodeCalls.FAILURE) instanceof Map<?, ?> failure) {
                throw RecordJson.failure(failure);
            }
            if (map.containsKey(NodeCalls.ANSWER)) {
                return map.get(NodeCalls.ANSWER);
            }
        }
        throw notUnderstood(String.valueOf(reply));
    }

    private @Nullable Object send(String request) throws ClusterException {
        try {
            return Json.read(connection.post(request));
        } catch (JsonException e) {
            throw notUnderstood(String.valueOf(e.getMessage()));
        } catch (HolderConnection.RefusedException e) {
            throw ClusterException.unavailable(
                    "the agent at " + holder + " does not let this agent join its cluster: it answers with "
                            + e.getMessage(),
                    "Check simulated-join, and that simulated-token-file is the token file of that agent, which must"
                            + " hold a simulated cluster itself.");
        } catch (Exception e) {
            throw ClusterException.reported(
                    Win32Error.NO_ENDPOINT,
                    "the simulated cluster at " + holder + " does not answer: " + reason(e),
                    "Start the agent that holds the simulated cluster, with the port of simulated-join.");
        }
    }

    private static String reason(Exception e) {
        return e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
    }

    private ClusterException notUnderstood(String what) {
        return ClusterException.unavailable(
                "the answer of the agent at " + holder + " is not understood: " + what, NodeCalls.differentVersion());
    }
}
