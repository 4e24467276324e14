package io.github.csvbackup.http;

import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.text.PiecedText;
import java.util.Map;

/**
 * The answer to a request.
 *
 * @param headers additional headers
 */
public record Reply(int status, String contentType, PiecedText content, Map<String, String> headers) {
    private static final String TEXT = "text/plain; charset=utf-8";

    Reply(int status, String contentType, String body, Map<String, String> headers) {
        this(status, contentType, PiecedText.of(body), headers);
    }

    /** The content as one string. */
    public String body() {
        return content.toString();
    }

    public static Reply text(int status, String sentence) {
        return new Reply(status, TEXT, sentence + "\n", Map.of());
    }

    /** A JSON reply. A lone surrogate, which can only occur in a string, is escaped. */
    public static Reply json(int status, String body) {
        return new Reply(status, "application/json; charset=utf-8", OutsideText.escapedHalves(body), Map.of());
    }

    static Reply methodNotAllowed(String method) {
        return new Reply(
                405,
                TEXT,
                "The method " + method + " is not allowed; use GET or POST.\n",
                Map.of("Allow", "GET, HEAD, POST"));
    }

    /** A 401 with a challenge: Windows PowerShell sends credentials only after one. */
    public static Reply unauthorized(String sentence) {
        return new Reply(
                401,
                TEXT,
                sentence + "\n",
                Map.of("WWW-Authenticate", "Basic realm=\"csv-backup-agent\", charset=\"UTF-8\""));
    }
}
