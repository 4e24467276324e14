package io.github.csvbackup.metrics;

/** A scrape's answer. */
public record Exposition(String contentType, String text) {}
