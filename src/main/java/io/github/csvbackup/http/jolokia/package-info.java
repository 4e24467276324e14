/** Jolokia, embedded: its protocol over our MBeans, without its detectors, MBeans and listeners. */
@NullMarked
package io.github.csvbackup.http.jolokia;

import org.jspecify.annotations.NullMarked;
