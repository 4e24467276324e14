package io.github.csvbackup.agent.entry;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;

/** Releases what JNA holds in the JVM, so that its loader and its native library can be garbage collected. */
final class JnaRelease {
    private static final long WAIT_MILLIS = 2_000;

    private JnaRelease() {}

    /**
     * Releases JNA if no native call is running; unloading a library that is executing would crash the host.
     *
     * @throws IOException with a message for users, if JNA stays loaded
     */
    static void release(ClassLoader loader) throws IOException {
        int calls = activeNativeCalls(loader);
        if (calls > 0) {
            throw new IOException("the agent was stopped, but " + calls
                    + " native calls have not returned; its classes and libraries stay loaded until this JVM exits");
        }
        try {
            Class<?> jna = Class.forName("com.sun.jna.Native", false, loader);
            // Not getDeclaredMethod, which needs the types of all methods: java.awt may be missing.
            MethodHandle dispose = MethodHandles.privateLookupIn(jna, MethodHandles.lookup())
                    .findStatic(jna, "dispose", MethodType.methodType(void.class));
            dispose.invokeExact();
        } catch (Throwable e) {
            throw new IOException("cannot release JNA: " + e, e);
        } finally {
            endCleaner(loader);
        }
    }

    private static int activeNativeCalls(ClassLoader loader) throws IOException {
        try {
            Method count = Class.forName("io.github.csvbackup.cluster.ActiveNativeCalls", true, loader)
                    .getMethod("count");
            long end = System.nanoTime() + WAIT_MILLIS * 1_000_000;
            int calls = (Integer) count.invoke(null);
            while (calls > 0 && System.nanoTime() < end) {
                Thread.sleep(20);
                calls = (Integer) count.invoke(null);
            }
            return calls;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("waiting for native calls was interrupted", e);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IOException("cannot check for running native calls: " + e, e);
        }
    }

    /** JNA's cleaner thread would stay for half a minute, or indefinitely if something is still registered with it. */
    @SuppressWarnings("ReferenceEquality") // the same loader object: the loader of another agent looks the same
    private static void endCleaner(ClassLoader loader) {
        Thread[] threads = new Thread[Thread.activeCount() + 64];
        int count = root().enumerate(threads, true);
        for (int i = 0; i < count; i++) {
            if (threads[i].getClass().getClassLoader() == loader) {
                threads[i].interrupt();
                try {
                    threads[i].join(WAIT_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    private static ThreadGroup root() {
        ThreadGroup group = Thread.currentThread().getThreadGroup();
        while (group.getParent() != null) {
            group = group.getParent();
        }
        return group;
    }
}
