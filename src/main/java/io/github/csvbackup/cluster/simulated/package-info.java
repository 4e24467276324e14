/**
 * A cluster in memory that follows the protocol's state machine ([MS-CMRP] 3.1.1.4, 3.1.4.3.1.52), without a real one behind it. It is controlled
 * over JMX.
 */
@NullMarked
package io.github.csvbackup.cluster.simulated;

import org.jspecify.annotations.NullMarked;
