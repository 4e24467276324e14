package io.github.csvbackup.management;

import io.github.csvbackup.clear.Caller;

/** The level of the agent's log. */
public interface LogControl {
    /** Such as {@code info}. */
    String level();

    /**
     * Changes it until the agent ends.
     *
     * @throws IllegalArgumentException if there is no such level; the message is for users
     */
    void change(String level, Caller by);
}
