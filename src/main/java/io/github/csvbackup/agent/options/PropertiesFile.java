package io.github.csvbackup.agent.options;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/**
 * A file of {@code key=value} lines in UTF-8, with or without byte order mark. Unlike {@link java.util.Properties}, a backslash
 * is a plain character, so that a Windows path is what it says. Lines that begin with {@code #} are comments.
 */
final class PropertiesFile {
    private PropertiesFile() {}

    static Map<Option, String> read(Path file) throws UsageException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new UsageException("The options file config=" + file + " does not exist.", e);
        } catch (IOException e) {
            throw new UsageException("The options file config=" + file + " cannot be read: " + e + ".", e);
        }
        try {
            // A new decoder reports malformed input; new String() would replace it and a path would silently be another
            // one.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return parse(text, file);
        } catch (CharacterCodingException e) {
            throw new UsageException("The options file config=" + file + " is not UTF-8; save it as UTF-8.", e);
        }
    }

    private static Map<Option, String> parse(String text, Path file) throws UsageException {
        Map<Option, String> values = new EnumMap<>(Option.class);
        String[] lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).split("\r\n|\n|\r", -1);
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
                throw new UsageException(
                        "'config' (" + origin + ") cannot stand in an options file; name the file elsewhere.");
            }
            if (values.put(option, line.substring(equals + 1).strip()) != null) {
                throw new UsageException("'" + key + "' (" + origin + ") is given twice; keep one of them.");
            }
        }
        return values;
    }
}
