package io.github.csvbackup.files;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Decodes text files of users and scripts: UTF-8, with or without byte order mark, or UTF-16 with one. */
public final class FileText {
    private static final char MARK = '\uFEFF';

    private FileText() {}

    /**
     * Returns the text without its byte order mark.
     *
     * @param label the start of an error message: "The users file /etc/users"
     */
    public static String decode(byte[] bytes, String label) throws FileRefusedException {
        Charset charset = begins(bytes, 0xff, 0xfe)
                ? StandardCharsets.UTF_16LE
                : begins(bytes, 0xfe, 0xff) ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_8;
        return decode(bytes, charset, label);
    }

    /** The same for UTF-8 only. */
    public static String decodeUtf8(byte[] bytes, String label) throws FileRefusedException {
        return decode(bytes, StandardCharsets.UTF_8, label);
    }

    private static String decode(byte[] bytes, Charset charset, String label) throws FileRefusedException {
        String text;
        try {
            // A decoder reports malformed input; new String() would silently change a path or a password.
            text = charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new FileRefusedException(label + " is not " + charset.name() + "; save it as UTF-8.", e);
        }
        String unmarked = !text.isEmpty() && text.charAt(0) == MARK ? text.substring(1) : text;
        if (hasControls(unmarked)) {
            throw new FileRefusedException(
                    label + " is not text: it contains control characters; save it as plain text in UTF-8.");
        }
        return unmarked;
    }

    private static boolean begins(byte[] bytes, int first, int second) {
        return bytes.length >= 2 && (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
    }

    private static boolean hasControls(String text) {
        for (int index = 0; index < text.length(); index++) {
            char c = text.charAt(index);
            if (c < ' ' && c != '\t' && c != '\r' && c != '\n') {
                return true;
            }
        }
        return false;
    }
}
