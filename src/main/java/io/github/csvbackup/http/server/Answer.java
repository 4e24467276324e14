package io.github.csvbackup.http.server;

import io.github.csvbackup.text.PiecedText;
import java.util.Map;

/**
 * The answer to a request.
 *
 * @param status HTTP status, 200 or higher
 * @param headers in the order in which they are sent; the server adds those for length and connection
 * @param body the bytes after the headers
 */
public record Answer(int status, Map<String, String> headers, PiecedText body) {}
