package io.github.csvbackup.http;

/** Answers the requests of one part of the server. Called by several threads. */
@FunctionalInterface
public interface Endpoint {
    Reply answer(Request request);
}
