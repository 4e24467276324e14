package io.github.csvbackup.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The body of a request. Immutable. */
public final class RequestBody {
    private final byte[] bytes;

    public RequestBody(byte[] bytes) {
        this.bytes = Arrays.copyOf(bytes, bytes.length);
    }

    /**
     * The body as text.
     *
     * @throws IllegalArgumentException with a message for the client, if the body is not valid UTF-8. Other encodings are not guessed.
     */
    public String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "The body is not valid UTF-8. Send UTF-8 bytes; in Windows PowerShell: "
                            + "-Body ([Text.Encoding]::UTF8.GetBytes($json)).",
                    e);
        }
    }
}
