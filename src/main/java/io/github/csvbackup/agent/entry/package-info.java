/**
 * The few classes that the class loader of the host sees. They receive the start and delegate to the isolated loader. They use no lambdas, streams or
 * regular expressions: each of these would slow the start of the host more than everything else in this package.
 */
@NullMarked
package io.github.csvbackup.agent.entry;

import org.jspecify.annotations.NullMarked;
