package io.github.csvbackup.model;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Steps, one after the other. */
record Story(List<Step> steps) {
    /** A backup died long ago: the state is stale, and a clear is allowed. */
    static final Story ABANDONED_STATE = abandoned(VolumeName.VOLUME1);

    /** The backups of two volumes died long ago: a batch may clear them. */
    static final Story ABANDONED_STATES = abandoned(VolumeName.VOLUME1, VolumeName.VOLUME2);

    private static Story abandoned(VolumeName... volumes) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.PollFor(1));
        for (VolumeName volume : volumes) {
            steps.add(new Step.StartBackup(volume, NodeName.NODE1));
        }
        steps.add(new Step.PollFor(1));
        for (VolumeName volume : volumes) {
            steps.add(new Step.KillBackup(volume, Backups.Kind.IN_PROGRESS));
        }
        steps.add(new Step.IdleServices(NodeName.NODE1));
        steps.add(new Step.PollFor(36));
        return new Story(steps);
    }

    Story {
        steps = List.copyOf(steps);
    }

    static Story of(Step... steps) {
        return new Story(List.of(steps));
    }

    Story then(List<Step> more) {
        return new Story(Stream.concat(steps.stream(), more.stream()).toList());
    }

    /** The same story without some steps. */
    Story without(int from, int to) {
        List<Step> shorter = new ArrayList<>(steps);
        shorter.subList(from, to).clear();
        return new Story(shorter);
    }

    int length() {
        return steps.size();
    }

    /** For people: {@code StartBackup(NODE2), PollFor(35 polls), RestartAgent(10 s)}. */
    @Override
    public String toString() {
        return steps.stream().map(Story::inWords).collect(Collectors.joining(", "));
    }

    private static String inWords(Step step) {
        return Arrays.stream(step.getClass().getRecordComponents())
                .map(component -> inWords(step, component))
                .collect(Collectors.joining(", ", step.getClass().getSimpleName() + "(", ")"));
    }

    /** A number stands with the name of its component, a plural: "1 poll", "35 polls". */
    private static String inWords(Step step, RecordComponent component) {
        Object value;
        try {
            value = component.getAccessor().invoke(step);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot read " + component, e);
        }
        if (value instanceof Duration time) {
            return time.toSeconds() + " s";
        }
        if (value instanceof Integer number) {
            String plural = component.getName();
            return number + " " + (number == 1 ? plural.substring(0, plural.length() - 1) : plural);
        }
        return value.toString();
    }
}
