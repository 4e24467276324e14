/** The MBean, its registration and its notifications. Decisions about a clear are made elsewhere. */
@NullMarked
package io.github.csvbackup.management;

import org.jspecify.annotations.NullMarked;
