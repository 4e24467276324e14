/**
 * Jolokia, embedded: its protocol over our MBeans, without its detectors, MBeans and listeners. Nothing here knows
 * what the MBeans do.
 */
@NullMarked
package io.github.csvbackup.http.jolokia;

import org.jspecify.annotations.NullMarked;
