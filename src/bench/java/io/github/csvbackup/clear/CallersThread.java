package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Backend;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.Cluster;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ClusterOverview;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.SharedDisk;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeIoState;
import java.util.List;

/** A cluster that never blocks, so that its calls are made on the caller's thread: the start of a thread belongs to a native call. */
record CallersThread(Cluster cluster) implements Cluster {
    @Override
    public boolean neverBlocks() {
        return true;
    }

    @Override
    public Backend backend() {
        return cluster.backend();
    }

    @Override
    public BackupStateSupport backupStateSupport() {
        return cluster.backupStateSupport();
    }

    @Override
    public ClusterOverview overview() throws ClusterException {
        return cluster.overview();
    }

    @Override
    public SharedDisk disk(String disk) throws ClusterException {
        return cluster.disk(disk);
    }

    @Override
    public List<Volume> volumes(String disk) throws ClusterException {
        return cluster.volumes(disk);
    }

    @Override
    public ServiceStatus service(String node, String service) throws ClusterException {
        return cluster.service(node, service);
    }

    @Override
    public ShadowCopies shadowCopies(String node) throws ClusterException {
        return cluster.shadowCopies(node);
    }

    @Override
    public List<VolumeIoState> ioStates(String disk) throws ClusterException {
        return cluster.ioStates(disk);
    }

    @Override
    public void clear(Volume volume, String root) throws ClusterException {
        cluster.clear(volume, root);
    }

    @Override
    public void close() {
        cluster.close();
    }
}
