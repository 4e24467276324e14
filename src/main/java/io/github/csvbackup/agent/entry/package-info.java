/**
 * The few classes that the class loader of the host sees. They receive the start and delegate to the isolated loader. They use no lambdas, streams or
 * regular expressions: each of these would slow the start of the host more than everything else in this package.
 *
 * <p>A JVM keeps these classes from the first jar that entered it. When a newer jar attaches, they load the rest from it. So all that they use of a jar
 * must stay as it is over versions:
 *
 * <ul>
 *   <li>the format of {@code isolated/classes}, and all other files below {@code isolated/};
 *   <li>the version in the manifest;
 *   <li>the methods {@code agent.Launcher.start}, {@code agent.NativeLibrary.unpack} and {@code cluster.ActiveNativeCalls.count}, and of JNA {@code
 *       Native.dispose};
 *   <li>the lines of a request, see {@link io.github.csvbackup.agent.entry.AttachRequest}, to which lines may be added.
 * </ul>
 *
 * A change that breaks this must rename {@code isolated/classes}: then older classes say that the host must be started again.
 */
@NullMarked
package io.github.csvbackup.agent.entry;

import org.jspecify.annotations.NullMarked;
