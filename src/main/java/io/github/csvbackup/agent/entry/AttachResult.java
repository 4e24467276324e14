package io.github.csvbackup.agent.entry;

/** The outcome of an attach or a detach; the message is for the user. */
record AttachResult(boolean ok, String message) {}
