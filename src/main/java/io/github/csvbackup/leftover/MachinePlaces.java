package io.github.csvbackup.leftover;

import io.github.csvbackup.cluster.RecoveryCheckpoint;
import io.github.csvbackup.cluster.VirtualMachine;
import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Which Cluster Shared Volumes a virtual machine lies on, by its paths, and in which folders. Pure. */
final class MachinePlaces {
    private static final Pattern FILE =
            Pattern.compile(".*\\.(a?vhdx?|vhds|vmcx|vmrs|vmgs|xml|bin|vsv|rct|mrt)", Pattern.CASE_INSENSITIVE);

    /** The starts of the paths on a volume, with a backslash at the end and in lower case. */
    private record Roots(VolumeKey volume, String friendly, String guid) {
        boolean hold(String path) {
            return path.startsWith(friendly) || path.startsWith(guid);
        }

        /** The folder is the root of the volume: the files below it are those of all machines. */
        boolean areAt(String folder) {
            String compared = asFolder(folder);
            return compared.equals(friendly) || compared.equals(guid);
        }
    }

    private final List<Roots> volumes;

    /** @param volumes in their order */
    MachinePlaces(List<Volume> volumes) {
        this.volumes = volumes.stream()
                .map(volume -> new Roots(volume.key(), asFolder(volume.friendlyPath()), asFolder(volume.guidName())))
                .toList();
    }

    private static String asFolder(String path) {
        String plain = plain(path).toLowerCase(Locale.ROOT);
        return plain.endsWith("\\") ? plain : plain + "\\";
    }

    /** Windows takes both slashes, and the prefixes change only how it parses the rest. */
    private static String plain(String path) {
        String plain = path.replace('/', '\\');
        return plain.startsWith("\\\\?\\") || plain.startsWith("\\\\.\\") ? plain.substring(4) : plain;
    }

    /**
     * The machine's folders on each volume that holds a part of it, as Hyper-V spells them, in the order of the volumes. Without the root of the volume, so
     * there may be none.
     */
    Map<VolumeKey, List<String>> of(VirtualMachine machine) {
        List<String> paths = new ArrayList<>(machine.paths());
        for (RecoveryCheckpoint checkpoint : machine.checkpoints()) {
            paths.addAll(checkpoint.paths());
        }
        List<String> compared = paths.stream().map(MachinePlaces::asFolder).toList();
        Map<VolumeKey, List<String>> places = new LinkedHashMap<>();
        for (Roots roots : volumes) {
            boolean isHere = false;
            Set<String> folders = new LinkedHashSet<>();
            for (int i = 0; i < paths.size(); i++) {
                if (roots.hold(compared.get(i))) {
                    isHere = true;
                    String folder = folder(paths.get(i));
                    if (!roots.areAt(folder)) {
                        folders.add(folder);
                    }
                }
            }
            if (isHere) {
                places.put(roots.volume(), List.copyOf(folders));
            }
        }
        return places;
    }

    private static String folder(String path) {
        int end = Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'));
        return end > 0 && FILE.matcher(path).matches() ? path.substring(0, end) : path;
    }
}
