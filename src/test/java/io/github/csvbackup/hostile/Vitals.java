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

/** How another JVM is: its heap, threads and files, read through its own JMX. */
public final class Vitals implements AutoCloseable {
    private final JMXConnector connector;
    private final MemoryMXBean memory;
    private final ThreadMXBean threads;
    private final UnixOperatingSystemMXBean system;

    /** Of the JVM of a process; it starts that JVM's management agent. */
    @SuppressWarnings("BanJNDI") // The address is that which the JVM itself gave; it is no JNDI name.
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

    /** What lives after a full collection, in bytes. */
    public long liveHeap() {
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    public long openFiles() {
        return system.getOpenFileDescriptorCount();
    }

    /** The agent's threads: the kinds, which are their names without a pool's numbers, and how many there are of each. */
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
