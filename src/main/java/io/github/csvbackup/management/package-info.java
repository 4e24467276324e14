/** The MBean, its registration and its notifications. */
@NullMarked
package io.github.csvbackup.management;

import org.jspecify.annotations.NullMarked;
