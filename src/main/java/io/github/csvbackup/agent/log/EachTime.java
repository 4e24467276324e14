package io.github.csvbackup.agent.log;

import org.slf4j.Marker;
import org.slf4j.helpers.BasicMarkerFactory;

/** Marks lines that are written each time, also if their text repeats: what really happened, and no client can cause at will. */
public final class EachTime {
    /** In a class of its own, which is loaded with the first such line. */
    public static final Marker MARKER = new BasicMarkerFactory().getDetachedMarker("each time");

    private EachTime() {}
}
