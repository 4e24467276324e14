/**
 * Events in the Windows event log, for System Center, event forwarding and the Event Viewer. Only on Windows, and only if the options ask for it.
 */
@NullMarked
package io.github.csvbackup.eventlog;

import org.jspecify.annotations.NullMarked;
