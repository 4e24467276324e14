package io.github.csvbackup.cluster.windows;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.win32.StdCallLibrary;
import com.sun.jna.win32.W32APIOptions;
import io.github.csvbackup.cluster.ActiveNativeCalls;
import io.github.csvbackup.cluster.ClusterException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The DLLs of the cluster and of the system, only from the system's own folder. Loaded on first use: a node may join a cluster later.
 */
record Libraries(ClusApi clusApi, ResUtils resUtils, SystemCalls system, Advapi32 advapi32) {
    /** The functions of one interface and their DLL. */
    enum Part {
        CLUSAPI("ClusAPI.dll", ClusApi.class),
        RESUTILS("ResUtils.dll", ResUtils.class),
        ADVAPI32("advapi32.dll", Advapi32.class);

        final String file;
        private final Class<? extends StdCallLibrary> functions;

        Part(String file, Class<? extends StdCallLibrary> functions) {
            this.file = file;
            this.functions = functions;
        }

        /** The names of all functions, in alphabetical order. */
        List<String> names() {
            return Arrays.stream(functions.getDeclaredMethods())
                    .map(Method::getName)
                    .sorted()
                    .toList();
        }

        /**
         * The functions that this Windows lacks.
         *
         * @throws ClusterException if the DLL cannot be loaded
         */
        List<String> missing(Path systemDirectory) throws ClusterException {
            try {
                NativeLibrary library = NativeLibrary.getInstance(
                        systemDirectory.resolve(file).toString(), W32APIOptions.UNICODE_OPTIONS);
                return names().stream()
                        .filter(name -> !has(library, name) && !has(library, name + "W"))
                        .toList();
            } catch (UnsatisfiedLinkError e) {
                throw ClusterException.unavailable(
                        file + " cannot be loaded: "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("no reason given"),
                        "Install the Failover Clustering feature, or run the agent on a node of the cluster.");
            }
        }

        private static boolean has(NativeLibrary library, String name) {
            try {
                return library.getFunction(name) != null;
            } catch (UnsatisfiedLinkError e) {
                return false;
            }
        }
    }

    /** Loads the DLL that every Windows has. */
    static SystemCalls loadSystem() throws ClusterException {
        try {
            return new SystemCalls(
                    noting(Kernel32.class, Native.load("kernel32", Kernel32.class, W32APIOptions.UNICODE_OPTIONS)));
        } catch (UnsatisfiedLinkError e) {
            throw ClusterException.unavailable(
                    "kernel32.dll cannot be loaded: " + e.getMessage(), "Use a Java for Windows.");
        }
    }

    /**
     * Loads all and looks up every function.
     *
     * @throws ClusterException if a required DLL or function is missing
     */
    static Libraries load() throws ClusterException {
        SystemCalls system = loadSystem();
        Path directory = system.systemDirectory();
        List<String> lacking = new ArrayList<>();
        for (Part part : Part.values()) {
            part.missing(directory).forEach(name -> lacking.add(name + " of " + part.file));
        }
        if (!lacking.isEmpty()) {
            throw ClusterException.unavailable(
                    "this Windows lacks " + String.join(", ", lacking),
                    "The agent needs Windows Server 2008 R2 or later, with its cluster files intact.");
        }
        return new Libraries(
                load(directory, Part.CLUSAPI, ClusApi.class),
                load(directory, Part.RESUTILS, ResUtils.class),
                system,
                load(directory, Part.ADVAPI32, Advapi32.class));
    }

    private static <T extends StdCallLibrary> T load(Path directory, Part part, Class<T> functions) {
        return noting(
                functions,
                Native.load(directory.resolve(part.file).toString(), functions, W32APIOptions.UNICODE_OPTIONS));
    }

    /** Records the function that a thread is in, so that messages can name one that hangs. */
    static <T> T noting(Class<T> functions, T library) {
        return functions.cast(Proxy.newProxyInstance(
                functions.getClassLoader(), new Class<?>[] {functions}, (proxy, method, arguments) -> {
                    ActiveNativeCalls.begin(method.getName());
                    try {
                        return method.invoke(library, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    } finally {
                        ActiveNativeCalls.end();
                    }
                }));
    }
}
