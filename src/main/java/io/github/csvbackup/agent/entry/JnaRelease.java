package io.github.csvbackup.agent.entry;

import java.io.IOException;
import java.lang.reflect.Method;

/** Undoes what JNA holds in the JVM, so that its loader, and with it the native library, can be collected. */
final class JnaRelease {
    private static final long WAIT_MILLIS = 2_000;

    private JnaRelease() {}

    static void release(ClassLoader loader) throws IOException {
        try {
            Class<?> jna = Class.forName("com.sun.jna.Native", false, loader);
            Method dispose = jna.getDeclaredMethod("dispose");
            dispose.setAccessible(true);
            dispose.invoke(null);
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IOException("cannot release JNA: " + e, e);
        } finally {
            endCleaner(loader);
        }
    }

    /** JNA's cleaner would linger for half a minute, or for ever when something is still registered with it. */
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
