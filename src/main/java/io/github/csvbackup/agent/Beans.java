package io.github.csvbackup.agent;

import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.Version;
import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.simulated.SimulatedCluster;
import io.github.csvbackup.cluster.simulated.SimulatedClusterMBean;
import io.github.csvbackup.management.CsvBackupState;
import io.github.csvbackup.management.CsvBackupStateMBean;
import io.github.csvbackup.management.NotificationThread;
import io.github.csvbackup.management.Notifications;
import io.github.csvbackup.management.Registration;
import io.github.csvbackup.openmbean.OpenMBean;
import java.time.Clock;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Puts the MBeans into a server. */
final class Beans {
    private Beans() {}

    /**
     * Registers the beans and lets the core's events become notifications.
     *
     * @param undo takes them out again
     * @throws StartException if another agent's are there
     */
    static void register(
            MBeanServer server, Cluster cluster, Core core, Clock clock, Supplier<Caller> caller, Undo undo)
            throws StartException {
        CsvBackupState state =
                new CsvBackupState(Version.text(), cluster, core.watcher, core.guard, core.clearing, clock, caller);
        NotificationThread listeners = undo.add(new NotificationThread());
        OpenMBean bean = new OpenMBean(CsvBackupStateMBean.class, state, listeners, Notifications.info());
        ObjectName name = Registration.name("CsvBackupState");
        Notifications notifications = new Notifications(name, bean, state, clock);
        try {
            undo.add(Registration.register(server, name, bean));
            if (cluster instanceof SimulatedCluster simulated) {
                OpenMBean controls = new OpenMBean(SimulatedClusterMBean.class, simulated.controls());
                undo.add(Registration.register(server, Registration.name("SimulatedCluster"), controls));
            }
        } catch (IllegalStateException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
        core.watcher.onEvent(notifications::accept);
        core.onClearEvent(notifications::accept);
    }
}
