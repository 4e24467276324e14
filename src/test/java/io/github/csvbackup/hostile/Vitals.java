package io.github.csvbackup.hostile;

import com.sun.management.UnixOperatingSystemMXBean;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.TreeMap;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** Heap, threads and open files of another JVM, read through its JMX. */
public final class Vitals implements AutoCloseable {
    private final JMXConnector connector;
    private final MemoryMXBean memory;
    private final ThreadMXBean threads;
    private final UnixOperatingSystemMXBean system;

    /** Connects to the JVM of a process and starts its management agent. */
    @SuppressWarnings("BanJNDI") // The JVM itself gave this address; it is not a JNDI name.
    public static Vitals of(long pid) throws Exception {
        VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
        try {
            return new Vitals(JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent())));
        } finally {
            machine.detach();
        }
    }

    private Vitals(JMXConnector connector) throws IOException {
        this.connector = connector;
        MBeanServerConnection server = connector.getMBeanServerConnection();
        this.memory = ManagementFactory.getPlatformMXBean(server, MemoryMXBean.class);
        this.threads = ManagementFactory.getPlatformMXBean(server, ThreadMXBean.class);
        this.system = ManagementFactory.getPlatformMXBean(server, UnixOperatingSystemMXBean.class);
    }

    /** The live heap after a full collection, in bytes. */
    public long liveHeap() {
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    public long openFiles() {
        return system.getOpenFileDescriptorCount();
    }

    /** The number of the agent's threads by kind, which is the name without the numbers of a pool. */
    public Map<String, Integer> agentThreads() {
        Map<String, Integer> found = new TreeMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("csv-backup-")) {
                found.merge(thread.getThreadName().replaceAll("[0-9]+", "N"), 1, Integer::sum);
            }
        }
        return found;
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
