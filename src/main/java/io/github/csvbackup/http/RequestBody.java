package io.github.csvbackup.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of a request. Immutable. */
public final class RequestBody {
    private final byte[] bytes;

    public RequestBody(byte[] bytes) {
        this.bytes = Arrays.copyOf(bytes, bytes.length);
    }

    /**
     * The body as text.
     *
     * @throws IllegalArgumentException with a sentence, if it is no UTF-8: other encodings are not guessed at
     */
    public String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "The body is not UTF-8. Send UTF-8 bytes; in Windows PowerShell: "
                            + "-Body ([Text.Encoding]::UTF8.GetBytes($json)).",
                    e);
        }
    }
}
