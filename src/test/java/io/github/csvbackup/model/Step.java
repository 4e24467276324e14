package io.github.csvbackup.model;

import io.github.csvbackup.model.LiveBackup.Phase;
import io.github.csvbackup.model.ObservedCluster.Call;
import io.github.csvbackup.model.ObservedCluster.Disk;
import io.github.csvbackup.model.ObservedCluster.Misbehaviour;
import io.github.csvbackup.model.ObservedCluster.Moment;
import io.github.csvbackup.model.PlannedCrash.Point;
import io.github.csvbackup.model.PlannedCrash.Timing;
import java.time.Duration;
import java.util.List;

/** A step of a story. An impossible step does nothing. */
sealed interface Step {
    void happenIn(World world);

    // Backups.

    /** The state is set; the backup has no VSS session yet. */
    record PrepareBackup(VolumeName volume, NodeName node) implements Step {
        @Override
        public void happenIn(World world) {
            world.backups.prepare(volume, node);
        }
    }

    /** The prepared backup on the node opens its VSS session; it has no shadow copy yet. */
    record OpenSession(VolumeName volume, NodeName node) implements Step {
        @Override
        public void happenIn(World world) {
            world.openSession(volume, node);
        }
    }

    /** A backup starts, and its node is isolated before the agent polls. */
    record IsolateWithBackup(VolumeName volume, NodeName node) implements Step {
        @Override
        public void happenIn(World world) {
            world.backups.start(volume, node);
            world.setNode(node, Nodes.State.ISOLATED);
        }
    }

    /** The prepared backup on the node creates its shadow copy; without one, a new backup does all steps up to that. */
    record StartBackup(VolumeName volume, NodeName node) implements Step {
        @Override
        public void happenIn(World world) {
            world.backups.start(volume, node);
        }
    }

    /** A backup makes its copy and dies after a short time, in which nothing else happens. */
    record ShortBackup(VolumeName volume, NodeName node, Duration lasts, World.Meanwhile meanwhile) implements Step {
        @Override
        public void happenIn(World world) {
            world.shortBackup(volume, node, lasts, meanwhile);
        }
    }

    /** The first backup of the volume goes on with a persistent copy, without a session. */
    record ReadPersistentCopy(VolumeName volume) implements Step {
        @Override
        public void happenIn(World world) {
            world.backups.readPersistentCopy(volume);
        }
    }

    /** A backup makes a persistent copy of the volume and goes on reading it, without a session. */
    record StartReadingPersistentCopy(VolumeName volume, NodeName node) implements Step {
        @Override
        public void happenIn(World world) {
            world.backups.start(volume, node);
            world.backups.readPersistentCopy(volume);
        }
    }

    /** The first backup of the volume of this kind completes; if there is none, the first of the other kind. */
    record CompleteBackup(VolumeName volume, Backups.Kind kind) implements Step {
        @Override
        public void happenIn(World world) {
            world.backups.complete(volume, kind);
        }
    }

    /** The first backup of the volume of this kind dies; if there is none, the first of the other kind. */
    record KillBackup(VolumeName volume, Backups.Kind kind) implements Step {
        @Override
        public void happenIn(World world) {
            world.backups.kill(volume, kind);
        }
    }

    /** At this moment of the next clear a backup of the volume reaches this phase. */
    record BackupInNextClear(Moment moment, VolumeName volume, NodeName node, Phase phase) implements Step {
        @Override
        public void happenIn(World world) {
            world.interruptNextClear(moment, volume, node, phase);
        }
    }

    // The cluster, its nodes and their services.

    record MoveVolume(VolumeName volume, NodeName node) implements Step {
        @Override
        public void happenIn(World world) {
            world.moveVolume(volume, node);
        }
    }

    record SetNode(NodeName node, Nodes.State state) implements Step {
        @Override
        public void happenIn(World world) {
            world.setNode(node, state);
        }
    }

    record SetDisk(VolumeName volume, Disk disk) implements Step {
        @Override
        public void happenIn(World world) {
            world.cluster.setDisk(volume, disk);
        }
    }

    record SetService(NodeName node, Services.Service service, Services.State state) implements Step {
        @Override
        public void happenIn(World world) {
            world.services.set(node, service, state);
        }
    }

    /** The services of the node have been idle for long enough: they stop unless a session is open. */
    record IdleServices(NodeName node) implements Step {
        @Override
        public void happenIn(World world) {
            world.services.idle(node);
        }
    }

    /** VSS on the node goes on running for this time, whether or not a session is open. */
    record LetVssLinger(NodeName node, Duration time) implements Step {
        @Override
        public void happenIn(World world) {
            world.services.letVssLinger(node, time);
        }
    }

    // Virtual machines. Their backups need not set the state of a volume.

    record BackUpMachine(VolumeName volume) implements Step {
        @Override
        public void happenIn(World world) {
            world.machines.backUp(volume);
        }
    }

    record EndMachineBackup(VolumeName volume) implements Step {
        @Override
        public void happenIn(World world) {
            world.machines.endBackup(volume);
        }
    }

    record BackUpMachineOnNode2(VolumeName volume) implements Step {
        @Override
        public void happenIn(World world) {
            world.machines.backUpOnNode2(volume);
        }
    }

    record EndMachineBackupOnNode2(VolumeName volume) implements Step {
        @Override
        public void happenIn(World world) {
            world.machines.endBackupOnNode2(volume);
        }
    }

    // Failing calls to the cluster.

    record FailNextCalls(WindowsFunction function, int times) implements Step {
        @Override
        public void happenIn(World world) {
            world.failNextCalls(function, times);
        }
    }

    record SlowNext(Call call, Duration takes) implements Step {
        @Override
        public void happenIn(World world) {
            world.cluster.slowNext(call, takes);
        }
    }

    record HangNext(Call call) implements Step {
        @Override
        public void happenIn(World world) {
            world.cluster.hangNext(call);
        }
    }

    record MisbehaveInNextClear(Misbehaviour misbehaviour) implements Step {
        @Override
        public void happenIn(World world) {
            world.cluster.misbehaviour = misbehaviour;
        }
    }

    /** The nodes have other versions of Windows from now on. */
    record SetWindows(Nodes.Windows windows) implements Step {
        @Override
        public void happenIn(World world) {
            world.nodes.setWindows(windows);
        }
    }

    /** Whether nodes list the copies of the volumes under the GUID names of hidden volumes. */
    record ShowHiddenVolumes(boolean shown) implements Step {
        @Override
        public void happenIn(World world) {
            world.cluster.showsHiddenVolumes = shown;
        }
    }

    /** Right before the next native clear of the volume VSS of the node stops and a backup starts it again. */
    record RestartVssInNextClear(VolumeName volume, NodeName node) implements Step {
        @Override
        public void happenIn(World world) {
            world.restartVssInNextClear(volume, node);
        }
    }

    // The agent of NODE2, which the agent under test asks.

    /** It starts or stops. */
    record SetPeer(boolean running) implements Step {
        @Override
        public void happenIn(World world) {
            world.peer.setRunning(running);
        }
    }

    record RestartPeer() implements Step {
        @Override
        public void happenIn(World world) {
            world.peer.restart();
        }
    }

    /** So many of its next answers do not come. */
    record TroublePeer(PeerAgent.Trouble trouble, int answers) implements Step {
        @Override
        public void happenIn(World world) {
            world.peer.troubleNext(trouble, answers);
        }
    }

    /** Its next answer takes this time. */
    record SlowPeer(Duration takes) implements Step {
        @Override
        public void happenIn(World world) {
            world.peer.slowNext(takes);
        }
    }

    /** Whether NODE2 denies the agent under test access to its service control manager and WMI. */
    record DenyAccess(boolean denied) implements Step {
        @Override
        public void happenIn(World world) {
            world.cluster.deniesAccess = denied;
        }
    }

    /** VSS of NODE2 runs at a poll for which its agent gives no answer, and between two looks of that agent. */
    record RunVssUnseenByPeer() implements Step {
        @Override
        public void happenIn(World world) {
            world.runVssUnseenByItsAgent();
        }
    }

    // The agent.

    /** The disk of the audit takes this time for the next intent. */
    record SlowNextIntent(Duration takes) implements Step {
        @Override
        public void happenIn(World world) {
            world.agent.slowNextIntent(takes);
        }
    }

    /** The agent polls each minute and makes the checks after clears in between. */
    record PollFor(int polls) implements Step {
        @Override
        public void happenIn(World world) {
            world.agent.poll(polls);
        }
    }

    /** Time passes in which the agent does nothing. */
    record HoldUpAgent(Duration time) implements Step {
        @Override
        public void happenIn(World world) {
            world.agent.holdUp(time);
        }
    }

    /** The agent stops normally and starts again after this time. */
    record RestartAgent(Duration downFor) implements Step {
        @Override
        public void happenIn(World world) {
            world.agent.restart(downFor);
        }
    }

    /** The agent crashes in the next clear when it is about to write this. */
    record CrashInNextClear(Point point, Timing timing) implements Step {
        @Override
        public void happenIn(World world) {
            world.agent.plannedCrash().inNextClear(point, timing);
        }
    }

    /** The agent crashes when it next writes the result of a check after its clears. */
    record CrashInNextLook(Timing timing) implements Step {
        @Override
        public void happenIn(World world) {
            world.agent.plannedCrash().inNextLook(timing);
        }
    }

    // Operators.

    /** An operator asks whether a clear would be done. */
    record Assess(VolumeName volume) implements Step {
        @Override
        public void happenIn(World world) {
            world.agent.assess(volume);
        }
    }

    /** An operator clears one volume. */
    record Clear(VolumeName volume) implements Step {
        @Override
        public void happenIn(World world) {
            world.clear(volume);
        }
    }

    /** An operator clears these volumes as a batch; one may be in the list more than once. */
    record ClearAll(List<VolumeName> volumes) implements Step {
        @Override
        public void happenIn(World world) {
            world.clearAll(volumes);
        }
    }

    /** A second operator clears while the next clear is running. */
    record SecondOperatorInNextClear() implements Step {
        @Override
        public void happenIn(World world) {
            world.agent.sendSecondOperator();
        }
    }
}
