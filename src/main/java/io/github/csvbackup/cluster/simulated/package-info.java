/**
 * A cluster in memory that follows the protocol's state machine ([MS-CMRP] 3.1.1.4, 3.1.4.3.1.52); nothing real is
 * behind it. It is driven over JMX, and does not know that it is watched.
 */
@NullMarked
package io.github.csvbackup.cluster.simulated;

import org.jspecify.annotations.NullMarked;
