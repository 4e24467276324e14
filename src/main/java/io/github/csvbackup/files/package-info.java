/**
 * Safe access to files: which ones the agent can trust, how it opens them, and how it decodes their text. This package does not know the content of the
 * files.
 */
@NullMarked
package io.github.csvbackup.files;

import org.jspecify.annotations.NullMarked;
