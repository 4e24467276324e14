package io.github.csvbackup.agent.entry;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;

/**
 * Frees the record types that JDK 17 remembers: its method handles for {@code equals}, {@code hashCode} and {@code toString} of records are static, and
 * each holds a strong reference to the last type that used it. That would keep the loader of a detached agent in memory. So a type of this class
 * replaces it.
 */
final class RecordTraces {
    private RecordTraces() {}

    static void replace() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        MethodHandle[] components = {
            lookup.findGetter(Trace.class, "text", String.class), lookup.findGetter(Trace.class, "number", int.class)
        };
        replace(lookup, components, "equals", MethodType.methodType(boolean.class, Trace.class, Object.class));
        replace(lookup, components, "hashCode", MethodType.methodType(int.class, Trace.class));
        replace(lookup, components, "toString", MethodType.methodType(String.class, Trace.class));
    }

    private static void replace(MethodHandles.Lookup lookup, MethodHandle[] components, String method, MethodType type)
            throws ReflectiveOperationException {
        try {
            ObjectMethods.bootstrap(lookup, method, type, Trace.class, "text;number", components);
        } catch (Throwable e) {
            throw new ReflectiveOperationException(e);
        }
    }

    private record Trace(String text, int number) {}
}
