package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.WindowsBackend;
import io.github.csvbackup.agent.options.OptionsParser;
import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The surroundings of the commands, which tests replace.
 *
 * @param console returns null if there is no terminal
 * @param services for the commands of the Windows service
 * @param out receives results
 * @param err receives error messages
 * @param onlyErrors limits the log to errors
 */
record CommandContext(
        OptionsParser options,
        WindowsBackend windows,
        Supplier<@Nullable Console> console,
        ServiceSystem services,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Runnable onlyErrors) {}
