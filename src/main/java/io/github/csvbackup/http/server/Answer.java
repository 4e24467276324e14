package io.github.csvbackup.http.server;

import io.github.csvbackup.text.PiecedText;
import java.util.Map;

/**
 * What a request is answered with.
 *
 * @param status of HTTP, 200 or more
 * @param headers in their order; those of the message's length and of the connection are the server's to add
 * @param body what follows the headers
 */
public record Answer(int status, Map<String, String> headers, PiecedText body) {}
