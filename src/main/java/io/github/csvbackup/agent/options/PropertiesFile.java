package io.github.csvbackup.agent.options;

import io.github.csvbackup.files.FileRefusedException;
import io.github.csvbackup.files.TrustedFile;
import io.github.csvbackup.files.TrustedFile.Privacy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * A file of {@code key=value} lines that only the agent's account and administrators can change. Unlike in {@link java.util.Properties}, a backslash
 * is an ordinary character, so Windows paths need no escaping. Lines that begin with {@code #} are comments.
 */
final class PropertiesFile {
    private PropertiesFile() {}

    static Map<Option, String> read(Path file) throws UsageException {
        try {
            return parse(
                    TrustedFile.of(file, "The options file config=" + file, Privacy.READABLE)
                            .text(),
                    file);
        } catch (FileRefusedException e) {
            throw new UsageException(String.valueOf(e.getMessage()), e);
        } catch (UsageException e) {
            throw e;
        } catch (IOException e) {
            throw new UsageException("The options file config=" + file + " cannot be read: " + e + ".", e);
        }
    }

    private static Map<Option, String> parse(String text, Path file) throws UsageException {
        Map<Option, String> values = new EnumMap<>(Option.class);
        String[] lines = text.split("\r\n|\n|\r", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String origin = file + " line " + (i + 1);
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new UsageException("'" + line + "' (" + origin + ") is not key=value.");
            }
            String key = line.substring(0, equals).strip();
            Option option = Option.named(key, origin);
            if (option == Option.CONFIG) {
                throw new UsageException("'config' (" + origin + ") is not valid in an options file; remove it.");
            }
            if (values.put(option, line.substring(equals + 1).strip()) != null) {
                throw new UsageException("'" + key + "' (" + origin + ") is given twice; keep one of them.");
            }
        }
        return values;
    }
}
