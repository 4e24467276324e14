package io.github.csvbackup.cluster.windows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/** The behaviour of the doubles: the lines of src/test/windows/double.h, written in one step. */
final class LabCluster {
    private final Path folder;
    private final List<String> cluster = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private long version;

    LabCluster(Path folder) {
        this.folder = folder;
    }

    static String guid(int number) {
        return String.format("\\\\?\\Volume{5f0c9a10-0000-4000-8000-%012d}\\", number);
    }

    static String id(int disk) {
        return String.format("2936f4ed-0000-4000-8000-%012d", disk);
    }

    /** Resets everything to a running cluster without nodes and disks. */
    LabCluster reset() throws IOException {
        cluster.clear();
        faults.clear();
        for (String file : List.of("states", "log", "release", "shadows", "shadows-NODE2", "machines")) {
            Files.deleteIfExists(folder.resolve(file));
        }
        return this;
    }

    LabCluster node(String name, int state, String status) {
        cluster.add("node|" + name + "|" + state + "|" + status);
        return this;
    }

    /** With a version of Windows such as {@code 6.1}. */
    LabCluster node(String name, int state, String status, String version) {
        return node(name, state, status + "||" + version);
    }

    LabCluster disk(int number, int state, String owner, String name) {
        cluster.add("disk|" + id(number) + "|" + state + "|" + owner + "|" + name);
        return this;
    }

    LabCluster volume(int disk, int number, String path) {
        cluster.add("volume|" + id(disk) + "|0|" + guid(number) + "|" + path);
        return this;
    }

    /** Any line of double.h. */
    LabCluster line(String line) {
        cluster.add(line);
        return this;
    }

    LabCluster without(String start) {
        cluster.removeIf(line -> line.startsWith(start));
        return this;
    }

    /** Replaces the previous faults. */
    LabCluster fault(String... lines) {
        faults.clear();
        faults.addAll(List.of(lines));
        return this;
    }

    /** One node that runs, one disk, one volume at the usual place. */
    LabCluster small(String node) {
        return node(node, 0, "").disk(1, 2, node, "Cluster Disk 1").volume(1, 1, "C:\\ClusterStorage\\Volume1");
    }

    /** From now on the doubles behave like this; faults are counted from zero. */
    LabCluster write() throws IOException {
        List<String> lines = new ArrayList<>(List.of("version|" + ++version));
        lines.addAll(cluster);
        lines.addAll(faults);
        put("cluster", String.join("\n", lines) + "\n");
        return this;
    }

    /** Sets a volume's backup state. */
    void state(int volume, int state) throws IOException {
        put("states", guid(volume) + "|" + state + "\n");
    }

    void put(String file, String text) throws IOException {
        Path temporary = folder.resolve(file + ".new");
        Files.writeString(temporary, text);
        Files.move(temporary, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    /** From now on hanging faults hang. */
    void unrelease() throws IOException {
        Files.deleteIfExists(folder.resolve("release"));
    }

    void release() throws IOException {
        put("release", "now");
    }

    void forgetLog() throws IOException {
        Files.deleteIfExists(folder.resolve("log"));
    }

    /** The calls since the log was cleared. */
    List<String> log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }

    List<String> log(String start) throws IOException {
        return log().stream().filter(line -> line.startsWith(start)).toList();
    }

    List<String> clears() throws IOException {
        return log("ClusterClear");
    }
}
