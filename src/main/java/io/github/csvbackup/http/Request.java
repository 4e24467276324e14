package io.github.csvbackup.http;

import io.github.csvbackup.security.Identity;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The part of a request that a handler needs.
 *
 * @param method GET, HEAD or POST
 * @param body empty for GET
 * @param accept the Accept header; null if there is none
 * @param acceptEncoding the Accept-Encoding header; null if there is none
 * @param identity the authenticated sender
 * @param remoteAddress address of the client
 * @param address the agent's address as the client wrote it, such as {@code https://node1.example.com:8779/}
 */
public record Request(
        String method,
        URI uri,
        RequestBody body,
        @Nullable String accept,
        @Nullable String acceptEncoding,
        Identity identity,
        String remoteAddress,
        String address) {
    /** True if the sender may clear. */
    public boolean operator() {
        return identity.isOperator();
    }
}
