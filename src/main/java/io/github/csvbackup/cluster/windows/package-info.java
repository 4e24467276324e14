/** The cluster of this Windows node, through ClusAPI.dll and ResUtils.dll. The only package that sees JNA. */
@NullMarked
package io.github.csvbackup.cluster.windows;

import org.jspecify.annotations.NullMarked;
