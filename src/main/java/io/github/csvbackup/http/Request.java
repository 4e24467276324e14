package io.github.csvbackup.http;

import io.github.csvbackup.security.Identity;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a handler needs of a request.
 *
 * @param method GET, HEAD or POST
 * @param body empty for GET
 * @param accept the Accept header; null if there is none
 * @param identity who sent it
 * @param remoteAddress where it came from
 */
public record Request(
        String method, URI uri, RequestBody body, @Nullable String accept, Identity identity, String remoteAddress) {
    /** True if the sender may clear. */
    public boolean operator() {
        return identity.isOperator();
    }
}
