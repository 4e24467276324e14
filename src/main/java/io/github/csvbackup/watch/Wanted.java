package io.github.csvbackup.watch;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a caller wants a poll to read, whatever its rate.
 *
 * @param all every volume
 * @param disks ids of disks, whose volumes are wanted
 */
record Wanted(boolean all, Set<String> disks) {
    static final Wanted NOTHING = new Wanted(false, Set.of());
    static final Wanted ALL = new Wanted(true, Set.of());

    Wanted {
        disks = Set.copyOf(disks);
    }

    static Wanted disks(Stream<String> ids) {
        return new Wanted(false, ids.collect(Collectors.toSet()));
    }

    Wanted and(Wanted other) {
        Set<String> both = new HashSet<>(disks);
        both.addAll(other.disks);
        return new Wanted(all || other.all, both);
    }
}
