package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.Cluster;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster whose calls are made on the caller's thread, and counted. */
final class InlineCluster {
    private InlineCluster() {}

    static Cluster of(Cluster cluster, AtomicInteger questions, AtomicInteger counts) {
        return (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(), new Class<?>[] {Cluster.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "neverBlocks" -> {
                            return true;
                        }
                        case "virtualMachines" -> questions.incrementAndGet();
                        case "differencingDisks" -> counts.incrementAndGet();
                        default -> {}
                    }
                    try {
                        return method.invoke(cluster, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
