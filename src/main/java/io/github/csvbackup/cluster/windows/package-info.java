/**
 * The cluster of this Windows node, through ClusAPI.dll, ResUtils.dll, the service control manager and a child
 * process for shadow copies. The only package that uses JNA. It does not judge what an answer means for a clear.
 */
@NullMarked
package io.github.csvbackup.cluster.windows;

import org.jspecify.annotations.NullMarked;
