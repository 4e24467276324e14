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
import io.github.csvbackup.peer.PeerReports;
import io.github.csvbackup.threads.Supervisor;
import io.github.csvbackup.watch.SharedPolls;
import java.time.Clock;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/** Registers the MBeans. */
final class MBeans {
    private MBeans() {}

    /**
     * Registers the beans and sends the pipeline's events as notifications.
     *
     * @param peers null if no agents of other nodes are asked
     * @param closer unregisters the beans
     * @throws StartException if the beans of another agent are registered
     */
    static void register(
            MBeanServer server,
            Cluster cluster,
            Pipeline pipeline,
            Clock clock,
            Supplier<Caller> caller,
            SelfTest selfTest,
            @Nullable PeerReports peers,
            Supervisor supervisor,
            Closer closer)
            throws StartException {
        CsvBackupState state = new CsvBackupState(
                Version.text(),
                cluster,
                pipeline.watcher,
                pipeline.guard,
                pipeline.clearing,
                new SharedPolls(pipeline.watcher, pipeline.settings, System::nanoTime),
                clock,
                pipeline.times,
                caller,
                selfTest,
                peers,
                pipeline.allowForce,
                pipeline.localAnswers,
                new LogLevels(),
                pipeline.leftovers);
        NotificationThread listeners = closer.add(new NotificationThread());
        supervisor.add(listeners.loop());
        ObjectName name = Registration.name("CsvBackupState");
        Notifications notifications = new Notifications(name, state, clock, listeners);
        OpenMBean bean = new OpenMBean(CsvBackupStateMBean.class, state, notifications.emitter());
        try {
            closer.add(Registration.register(server, name, bean));
            if (cluster instanceof SimulatedCluster simulated) {
                OpenMBean controls = new OpenMBean(SimulatedClusterMBean.class, simulated.controls());
                closer.add(Registration.register(server, Registration.name("SimulatedCluster"), controls));
            }
        } catch (IllegalStateException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
        pipeline.watcher.onEvent(notifications::accept);
        pipeline.onClearEvent(notifications::accept);
        pipeline.watcher.onSnapshot(snapshot -> pipeline.leftovers.ifAsked(notifications::accept));
    }
}
