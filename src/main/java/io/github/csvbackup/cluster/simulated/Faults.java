package io.github.csvbackup.cluster.simulated;

import io.github.csvbackup.cluster.ActiveNativeCalls;
import io.github.csvbackup.cluster.ClusterException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

/** Requested failures and hangs, by Windows function. Thread-safe. */
final class Faults {
    static final String OPEN_CLUSTER = "OpenClusterEx";
    static final String ENUMERATE = "ClusterOpenEnum";
    static final String NODE_STATE = "GetClusterNodeState";
    static final String DISK_STATE = "GetClusterResourceState";
    static final String READ_VOLUMES = "ClusterResourceControl";
    static final String CLEAR = "ClusterClearBackupStateForSharedVolume";
    static final String SERVICE = "QueryServiceStatusEx";
    static final String SHADOW_COPIES = "Win32_ShadowCopy";
    static final String MACHINES = "Msvm_VirtualSystemSettingData";
    static final String FIND_FILES = "FindFirstFile";
    static final String IO_STATES = "CLUSCTL_RESOURCE_STORAGE_GET_SHARED_VOLUME_STATES";

    private static final TreeSet<String> FUNCTIONS = new TreeSet<>(List.of(
            OPEN_CLUSTER,
            ENUMERATE,
            NODE_STATE,
            DISK_STATE,
            READ_VOLUMES,
            CLEAR,
            SERVICE,
            SHADOW_COPIES,
            IO_STATES,
            MACHINES,
            FIND_FILES));

    private record Failure(int code, int times) {}

    private final Map<String, Failure> failures = new HashMap<>();
    /** Codes by the name of the disk. */
    private final Map<String, Integer> unreadable = new HashMap<>();

    private final Map<String, CountDownLatch> nextHangs = new HashMap<>();
    private final List<CountDownLatch> hanging = new ArrayList<>();

    synchronized void fail(String function, int code, int times) {
        check(function);
        if (code < 0 || times < 1 || (code == 0 && !function.equals(CLEAR))) {
            throw new IllegalArgumentException("Code " + code + ", " + times
                    + " times: the code must be a Win32 error code (0 only for " + CLEAR + "), the times at least 1.");
        }
        failures.put(function, new Failure(code, times));
    }

    /** @param code 0 if the disk is readable */
    synchronized void failReads(String disk, int code) {
        if (code < 0) {
            throw new IllegalArgumentException(
                    "Code " + code + ": it must be a Win32 error code, or 0 to end the failures.");
        }
        if (code == 0) {
            unreadable.remove(disk);
        } else {
            unreadable.put(disk, code);
        }
    }

    synchronized void read(String disk) throws ClusterException {
        Integer code = unreadable.get(disk);
        if (code != null) {
            throw ClusterException.win32(READ_VOLUMES, code);
        }
    }

    synchronized void hang(String function) {
        check(function);
        nextHangs.put(function, new CountDownLatch(1));
    }

    synchronized void release() {
        hanging.forEach(CountDownLatch::countDown);
        hanging.clear();
        nextHangs.clear();
    }

    private static void check(String function) {
        if (!FUNCTIONS.contains(function)) {
            throw new IllegalArgumentException(
                    "Unknown function \"" + function + "\"; allowed: " + String.join(", ", FUNCTIONS) + ".");
        }
    }

    /**
     * Called at the start of each simulated call, without any lock held.
     *
     * @return false if the call must return 0 and do nothing
     */
    boolean enter(String function) throws ClusterException {
        CountDownLatch hang;
        synchronized (this) {
            hang = nextHangs.remove(function);
            if (hang != null) {
                hanging.add(hang);
            }
        }
        if (hang != null) {
            ActiveNativeCalls.begin(function);
            try {
                hang.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ClusterException.win32(function, 1818);
            } finally {
                ActiveNativeCalls.end();
            }
        }
        synchronized (this) {
            Failure failure = failures.get(function);
            if (failure == null) {
                return true;
            }
            if (failure.times() == 1) {
                failures.remove(function);
            } else {
                failures.put(function, new Failure(failure.code(), failure.times() - 1));
            }
            if (failure.code() == 0) {
                return false;
            }
            throw ClusterException.win32(function, failure.code());
        }
    }
}
