/**
 * The agent as a Windows service: installing, controlling and running it. {@link ServiceManager} and {@link ServiceHost} are the seams to Windows;
 * only their implementations use JNA.
 */
@NullMarked
package io.github.csvbackup.service;

import org.jspecify.annotations.NullMarked;
