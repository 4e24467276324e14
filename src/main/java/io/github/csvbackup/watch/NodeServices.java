package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;

/**
 * The services of a node that a backup uses.
 *
 * @param vss the Volume Shadow Copy service
 * @param softwareProvider Microsoft's software provider for shadow copies
 */
record NodeServices(NodeAnswer<ServiceStatus> vss, NodeAnswer<ServiceStatus> softwareProvider) {}
