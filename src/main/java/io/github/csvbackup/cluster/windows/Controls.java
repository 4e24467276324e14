package io.github.csvbackup.cluster.windows;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Win32Error;
import io.github.csvbackup.cluster.WindowsVersion;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Control codes: reads bytes from nodes and resources into a buffer that grows up to a limit. The buffer keeps its size, because an answer that does
 * not fit takes a second call. Used by one thread at a time.
 */
final class Controls {
    /** Node common property, Windows Server 2016 and later: isolated, quarantined and so on. */
    private static final String STATUS_INFORMATION = "StatusInformation";

    private static final String MAJOR_VERSION = "MajorVersion";
    private static final String MINOR_VERSION = "MinorVersion";

    private static final int BUFFER_BYTES = 8192;
    private static final int MOST_BUFFER_BYTES = 16 * 1024 * 1024;

    private final ClusApi api;
    private final SystemCalls system;
    private byte[] buffer = new byte[BUFFER_BYTES];

    Controls(ClusApi api, SystemCalls system) {
        this.api = api;
        this.system = system;
    }

    @FunctionalInterface
    private interface Control {
        int call(byte[] out, IntByReference returned);
    }

    /** The answer, which is valid until the next call. */
    ByteBuffer ofResource(Pointer resource, int code) throws ClusterException {
        return grow(
                "ClusterResourceControl",
                (out, returned) ->
                        api.ClusterResourceControl(resource, null, code, null, 0, out, out.length, returned));
    }

    private ByteBuffer ofNode(Pointer node, int code) throws ClusterException {
        return grow(
                "ClusterNodeControl",
                (out, returned) -> api.ClusterNodeControl(node, null, code, null, 0, out, out.length, returned));
    }

    private ByteBuffer grow(String function, Control control) throws ClusterException {
        byte[] out = buffer;
        // Nothing of an earlier answer, whatever the function writes.
        Arrays.fill(out, (byte) 0);
        IntByReference returned = new IntByReference();
        int code = control.call(out, returned);
        while (Win32Error.of(code).reading() == Win32Error.Reading.GROW && out.length < MOST_BUFFER_BYTES) {
            out = new byte[Math.min(MOST_BUFFER_BYTES, Math.max(returned.getValue(), out.length * 2))];
            buffer = out;
            code = control.call(out, returned);
        }
        system.check(function, code);
        int size = returned.getValue();
        if (size < 0 || size > out.length) {
            throw ClusterException.unavailable(
                    "the cluster says that it returned " + Integer.toUnsignedString(size) + " bytes into " + out.length,
                    "Report this with the version of Windows.");
        }
        return ByteBuffer.wrap(out, 0, size).slice();
    }

    /**
     * The node's status flags.
     *
     * @return null if this Windows has none: then it is unknown whether the node is isolated
     * @throws ClusterException if they cannot be read
     */
    @Nullable
    Integer statusInformation(Pointer node) throws ClusterException {
        return numbers(node, STATUS_INFORMATION).get(STATUS_INFORMATION);
    }

    /**
     * The node's version of Windows.
     *
     * @return null if the node's properties do not contain it
     * @throws ClusterException if they cannot be read
     */
    @Nullable
    WindowsVersion windowsVersion(Pointer node) throws ClusterException {
        Map<String, Integer> versions = numbers(node, MAJOR_VERSION, MINOR_VERSION);
        Integer major = versions.get(MAJOR_VERSION);
        Integer minor = versions.get(MINOR_VERSION);
        return major == null || minor == null ? null : new WindowsVersion(major, minor);
    }

    /**
     * The requested common properties that the node has. The documents do not clearly say which ones are read-only, so both lists are
     * searched.
     *
     * @throws ClusterException if one is missing and a list could not be read
     */
    private Map<String, Integer> numbers(Pointer node, String... names) throws ClusterException {
        Map<String, Integer> numbers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        ClusterException failure = null;
        for (int code :
                new int[] {ClusApi.CLUSCTL_NODE_GET_RO_COMMON_PROPERTIES, ClusApi.CLUSCTL_NODE_GET_COMMON_PROPERTIES}) {
            try {
                for (ClusPropList.Value value : ClusPropList.parse(ofNode(node, code))) {
                    if (value.syntax() == ClusPropList.SYNTAX_LIST_VALUE_DWORD
                            && value.data().limit() == Integer.BYTES) {
                        numbers.putIfAbsent(value.property(), value.data().getInt(0));
                    }
                }
            } catch (ClusterException e) {
                failure = failure == null ? e : failure;
            } catch (MalformedListException e) {
                failure = failure == null ? malformed("the node's properties", e) : failure;
            }
            if (numbers.keySet().containsAll(List.of(names))) {
                return numbers;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return numbers;
    }

    static ClusterException malformed(String what, MalformedListException e) {
        return ClusterException.unavailable(
                what + " cannot be read: " + e.getMessage(), "Report this with the version of Windows.");
    }
}
