package io.github.csvbackup.agent.entry;

/** The outcome of an attach or detach, in words for the person who asked. */
record AttachResult(boolean ok, String message) {}
