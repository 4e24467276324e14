package io.github.csvbackup.watch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ids of shared disks by their names, as far as disks have told them. Not thread-safe. */
final class DiskIds {
    private final Map<String, String> byName = new HashMap<>();
    private List<String> kept = List.of();

    /** A disk by its id, or by its name where the id is unknown. */
    record Key(String text, boolean isId) {}

    /** Drops the ids of all other names. */
    void keepOnly(List<String> names) {
        if (!names.equals(kept)) {
            byName.keySet().retainAll(Set.copyOf(names));
            kept = List.copyOf(names);
        }
    }

    void learn(String name, String id) {
        if (!id.equals(byName.put(name, id))) {
            kept = List.of();
        }
    }

    /** The name itself while the id is unknown. */
    String id(String name) {
        return byName.getOrDefault(name, name);
    }

    /** The name of a disk that was asked by its id; otherwise the same text. */
    String name(String disk) {
        return byName.entrySet().stream()
                .filter(entry -> entry.getValue().equals(disk))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(disk);
    }

    /** @param isId whether the disk is given by its id */
    Key key(String disk, boolean isId) {
        String id = isId ? disk : byName.get(disk);
        return id == null ? new Key(disk, false) : new Key(id, true);
    }

    /** A name with an unknown id and an id with an unknown name may be the same disk: it may have been renamed. */
    boolean mayBeSame(Key one, Key other) {
        if (one.isId() == other.isId()) {
            return one.equals(other);
        }
        return !byName.containsValue(one.isId() ? one.text() : other.text());
    }
}
