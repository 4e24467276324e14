package io.github.csvbackup.metrics;

import io.github.csvbackup.text.PiecedText;

/** A scrape's answer. */
public record Exposition(String contentType, PiecedText text) {}
