package io.github.csvbackup.watch;

/**
 * The services of a node that a backup uses.
 *
 * @param vss the Volume Shadow Copy service
 * @param softwareProvider Microsoft's software provider for shadow copies
 */
record NodeServices(ServiceLook vss, ServiceLook softwareProvider) {}
