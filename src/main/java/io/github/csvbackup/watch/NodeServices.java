package io.github.csvbackup.watch;

import org.jspecify.annotations.Nullable;

/**
 * The services of a node that a backup uses, and what else its agent says with them.
 *
 * @param vss the Volume Shadow Copy service
 * @param softwareProvider Microsoft's software provider for shadow copies
 * @param machines what its virtual machines say; null if the agent of the node was not asked, or did not answer
 */
record NodeServices(
        ServiceLook vss,
        ServiceLook softwareProvider,
        @Nullable MachineBackups machines) {}
