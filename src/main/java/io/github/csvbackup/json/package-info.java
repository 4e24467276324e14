/**
 * Reading and writing JSON: texts, numbers, booleans, null, lists and maps. What the texts mean is for those who read
 * and write them; Jolokia's answers are written by Jolokia itself.
 */
@NullMarked
package io.github.csvbackup.json;

import org.jspecify.annotations.NullMarked;
