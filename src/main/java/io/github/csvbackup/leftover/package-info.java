/** What failed backups leave behind on Cluster Shared Volumes: recovery checkpoints, machines, disks and shadow copies. Only reads. */
@NullMarked
package io.github.csvbackup.leftover;

import org.jspecify.annotations.NullMarked;
