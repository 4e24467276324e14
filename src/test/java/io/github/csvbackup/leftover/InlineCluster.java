package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterOverview;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** A cluster whose calls are made on the caller's thread, and counted. */
final class InlineCluster {
    private InlineCluster() {}

    /** The same cluster, where Windows spells the name of this node otherwise. */
    static Cluster onNode(String name, Cluster cluster) {
        return (Cluster) Proxy.newProxyInstance(
                Cluster.class.getClassLoader(), new Class<?>[] {Cluster.class}, (proxy, method, arguments) -> {
                    Object answer = method.invoke(cluster, arguments);
                    return answer instanceof ClusterOverview told
                            ? new ClusterOverview(told.clusterName(), name, told.nodes(), told.disks())
                            : answer;
                });
    }

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
