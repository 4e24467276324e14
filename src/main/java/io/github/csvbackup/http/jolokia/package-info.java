/** Jolokia's protocol for our MBeans, without Jolokia's detectors, MBeans and listeners. Independent of what the MBeans do. */
@NullMarked
package io.github.csvbackup.http.jolokia;

import org.jspecify.annotations.NullMarked;
