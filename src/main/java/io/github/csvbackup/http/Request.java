package io.github.csvbackup.http;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a handler needs of a request.
 *
 * @param method GET, HEAD or POST
 * @param body empty for GET
 * @param accept the Accept header; null if there is none
 * @param operator true if the request carries the operator's token
 * @param remoteAddress where it came from
 */
public record Request(
        String method, URI uri, RequestBody body, @Nullable String accept, boolean operator, String remoteAddress) {}
