package io.github.csvbackup.bench;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/**
 * What a server answered.
 *
 * @param buffer the client's: its next request overwrites it
 */
@SuppressWarnings("ArrayRecordComponent")
record Answer(int status, byte[] buffer, int length, boolean gzip) {
    String text() throws IOException {
        if (!gzip) {
            return new String(buffer, 0, length, StandardCharsets.UTF_8);
        }
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(buffer, 0, length))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
