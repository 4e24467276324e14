package io.github.csvbackup.http;

/** Answers the requests for one part of the server. Called by several threads at once. */
@FunctionalInterface
public interface Endpoint {
    Reply answer(Request request);
}
