package io.github.csvbackup.watch;

import io.github.csvbackup.cluster.ServiceStatus;

/**
 * What a node told of the services that a backup uses.
 *
 * @param vss the Volume Shadow Copy service
 * @param softwareProvider Microsoft's software provider for shadow copies
 */
record NodeServices(NodeAnswer<ServiceStatus> vss, NodeAnswer<ServiceStatus> softwareProvider) {}
