package io.github.csvbackup.agent.options;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * The options of the log that are not the default.
 *
 * @param directory absolute; null: no files
 * @param level the lowest level that is written
 * @param events whether events go to the Windows event log
 */
public record LogOptions(@Nullable Path directory, Level level, boolean events) {}
