package io.github.csvbackup.metrics;

import io.github.csvbackup.text.PiecedText;

/** The response to a scrape. */
public record Exposition(String contentType, PiecedText text) {}
