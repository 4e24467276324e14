/**
 * The MBean, its registration and its notifications: what the rooms below know, as open types. It decides nothing
 * about a clear.
 */
@NullMarked
package io.github.csvbackup.management;

import org.jspecify.annotations.NullMarked;
