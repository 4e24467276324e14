package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Win32Error;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Control codes: bytes from nodes and resources, in a buffer that grows within a bound. */
final class Controls {
    /** Node common property, Windows Server 2016 and later: isolated, quarantined and so on. */
    private static final String STATUS_INFORMATION = "StatusInformation";

    private static final int BUFFER_BYTES = 8192;
    private static final int MOST_BUFFER_BYTES = 16 * 1024 * 1024;

    private final ClusApi api;
    private final SystemCalls system;

    Controls(ClusApi api, SystemCalls system) {
        this.api = api;
        this.system = system;
    }

    @FunctionalInterface
    private interface Control {
        int call(byte[] out, IntByReference returned);
    }

    byte[] ofResource(Pointer resource, int code) throws ClusterException {
        return grow(
                "ClusterResourceControl",
                (out, returned) ->
                        api.ClusterResourceControl(resource, null, code, null, 0, out, out.length, returned));
    }

    private byte[] ofNode(Pointer node, int code) throws ClusterException {
        return grow(
                "ClusterNodeControl",
                (out, returned) -> api.ClusterNodeControl(node, null, code, null, 0, out, out.length, returned));
    }

    private byte[] grow(String function, Control control) throws ClusterException {
        byte[] out = new byte[BUFFER_BYTES];
        IntByReference returned = new IntByReference();
        int code = control.call(out, returned);
        while (Win32Error.of(code).reading() == Win32Error.Reading.GROW && out.length < MOST_BUFFER_BYTES) {
            out = new byte[Math.min(MOST_BUFFER_BYTES, Math.max(returned.getValue(), out.length * 2))];
            code = control.call(out, returned);
        }
        system.check(function, code);
        int size = returned.getValue();
        if (size < 0 || size > out.length) {
            throw ClusterException.unavailable(
                    function,
                    "the cluster says that it returned " + Integer.toUnsignedString(size) + " bytes into " + out.length,
                    "Report this with the version of Windows.");
        }
        return Arrays.copyOf(out, size);
    }

    /**
     * The node's status flags. Where they stand among the read-only common properties is not documented beyond doubt, so the others
     * are looked through as well.
     *
     * @return null if this Windows has none: then nobody knows whether the node is isolated
     * @throws ClusterException if they cannot be read
     */
    @Nullable
    Integer statusInformation(Pointer node) throws ClusterException {
        ClusterException failure = null;
        for (int code :
                new int[] {ClusApi.CLUSCTL_NODE_GET_RO_COMMON_PROPERTIES, ClusApi.CLUSCTL_NODE_GET_COMMON_PROPERTIES}) {
            try {
                for (ClusPropList.Value value : ClusPropList.parse(ofNode(node, code))) {
                    if (value.property().equalsIgnoreCase(STATUS_INFORMATION)
                            && value.syntax() == ClusPropList.SYNTAX_LIST_VALUE_DWORD
                            && value.data().limit() == Integer.BYTES) {
                        return value.data().getInt(0);
                    }
                }
            } catch (ClusterException e) {
                failure = failure == null ? e : failure;
            } catch (MalformedListException e) {
                failure = failure == null ? malformed("ClusterNodeControl", "the node's properties", e) : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return null;
    }

    static ClusterException malformed(String function, String what, MalformedListException e) {
        return ClusterException.unavailable(
                function, what + " cannot be read: " + e.getMessage(), "Report this with the version of Windows.");
    }
}
