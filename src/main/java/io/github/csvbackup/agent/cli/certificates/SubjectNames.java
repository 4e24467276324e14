package io.github.csvbackup.agent.cli.certificates;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * The extension <em>Subject Alternative Name</em> with DNS names (RFC 5280, 4.2.1.6), as keytool's argument. keytool's own {@code san=dns:} refuses names
 * with an underscore, which Windows allows; it takes the bytes of an extension unchecked.
 */
final class SubjectNames {
    private static final String EXTENSION = "2.5.29.17=";
    private static final int SEQUENCE = 0x30;
    /** The tag of a dNSName, [2] IA5String. */
    private static final int DNS_NAME = 0x82;

    private SubjectNames() {}

    /** The value of keytool's option {@code -ext}. */
    static String extension(List<String> names) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : names) {
            put(all, DNS_NAME, name.getBytes(StandardCharsets.US_ASCII));
        }
        ByteArrayOutputStream sequence = new ByteArrayOutputStream();
        put(sequence, SEQUENCE, all.toByteArray());
        return EXTENSION + HexFormat.of().formatHex(sequence.toByteArray());
    }

    /** DER: tag, length, content. */
    private static void put(ByteArrayOutputStream out, int tag, byte[] content) {
        out.write(tag);
        int length = content.length;
        if (length > 0xff) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length > 0x7f) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content);
    }
}
