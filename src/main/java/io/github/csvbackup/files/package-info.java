/**
 * The agent's files on the disk: which of them can be trusted, how they are opened, and how text in them is decoded. The
 * lowest room besides {@code json}: it knows nothing of what the files say.
 */
@NullMarked
package io.github.csvbackup.files;

import org.jspecify.annotations.NullMarked;
