package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeKey;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A caller's path in a form that can be compared. It may be any file or folder on a volume, the volume's friendly path or its GUID name,
 * with or without trailing backslash, {@code \\?\} prefix, forward slashes or surrounding quotes. Comparison is ordinal, ignores case and
 * covers whole components: {@code Volume1} never means {@code Volume10}.
 */
final class VolumePath {
    private static final int LONGEST = 32_767;
    private static final char LAST_ASCII = 0x7F;
    /** The micro sign: its upper case in Java is a Greek letter, but the file system does not convert it. */
    private static final char MICRO_SIGN = 0xB5;

    private static final Pattern SHORT_NAME = Pattern.compile("[^\\\\]{1,8}~[0-9]+(\\.[^\\\\.]{0,3})?");
    private static final Pattern ONLY_DOTS = Pattern.compile("[. ]+");
    private static final Pattern GUID_NAME =
            Pattern.compile("\\\\\\\\\\?\\\\VOLUME\\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}}(\\\\.*)?");
    private static final int MOST_NAMED = 4;
    private static final String ALLOWED = "Give a path on a Cluster Shared Volume, such as ";

    private final String canonical;
    private final String written;
    private final boolean guid;

    private VolumePath(String canonical, String written, boolean guid) {
        this.canonical = canonical;
        this.written = written;
        this.guid = guid;
    }

    /**
     * @throws IllegalArgumentException with a message for users, if the text is not an absolute local path
     */
    static VolumePath parse(String text, List<Volume> volumes) {
        String example = ALLOWED
                + (volumes.isEmpty()
                        ? "C:\\ClusterStorage\\Volume1"
                        : volumes.get(0).friendlyPath()) + ".";
        if (text == null || text.isBlank()) {
            throw new IllegalArgumentException("The path is empty. " + example);
        }
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("The path has " + text.length() + " characters; Windows allows at most "
                    + LONGEST + ". " + example);
        }
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("The path contains a NUL character. " + example);
        }
        String path = unquote(trim(text, volumes)).replace('/', '\\');
        String written = path;
        path = fold(path);
        boolean guid = GUID_NAME.matcher(path).matches();
        if (!guid) {
            path = local(path, example);
        }
        String canonical = trimBackslashes(path);
        boolean listed = beginsWithARoot(canonical, guid, volumes);
        String components = guid ? path.substring(4) : path.substring(2);
        for (String component : components.split("\\\\", -1)) {
            check(component, listed, example);
        }
        return new VolumePath(canonical, trimBackslashes(written.substring(written.length() - path.length())), guid);
    }

    /** Strips spaces; keeps those at the end if they belong to the name of a volume. */
    private static String trim(String text, List<Volume> volumes) {
        String kept = fold(text.stripLeading());
        boolean named = volumes.stream().anyMatch(volume -> kept.equals(fold(volume.friendlyPath())));
        return named ? text.stripLeading() : text.strip();
    }

    /**
     * True if the path begins with a volume's root as the cluster lists it, and no other volume is mounted below that root. Then the path is
     * on that volume, regardless of the other parts of the path.
     */
    private static boolean beginsWithARoot(String canonical, boolean guid, List<Volume> volumes) {
        return volumes.stream()
                .filter(volume -> contains(canonical, fold(rootOf(volume, guid))))
                .anyMatch(volume -> volumes.stream()
                        .noneMatch(other -> fold(other.friendlyPath()).startsWith(fold(volume.friendlyPath()) + "\\")));
    }

    private static String local(String path, String example) {
        String plain = path;
        if (path.startsWith("\\\\?\\")) {
            plain = path.substring(4);
            if (plain.startsWith("UNC\\") || !isDrivePath(plain)) {
                throw new IllegalArgumentException("The path is not a local path. " + example);
            }
        } else if (path.startsWith("\\\\")) {
            throw new IllegalArgumentException(
                    "The path is a network (UNC) or device path; only local paths are allowed. " + example);
        }
        if (!isDrivePath(plain)) {
            throw new IllegalArgumentException("The path is relative; only absolute paths are allowed. " + example);
        }
        return plain;
    }

    private static boolean isDrivePath(String path) {
        return path.length() >= 3
                && path.charAt(0) >= 'A'
                && path.charAt(0) <= 'Z'
                && path.charAt(1) == ':'
                && path.charAt(2) == '\\';
    }

    private static void check(String component, boolean listed, String example) {
        if (component.equals("..") || component.equals(".")) {
            throw new IllegalArgumentException("The path contains \"" + component + "\"; remove it. " + example);
        }
        if (component.indexOf(':') >= 0) {
            throw new IllegalArgumentException("The path names a stream (\":\"); streams are not allowed. " + example);
        }
        if (!listed && SHORT_NAME.matcher(component).matches()) {
            throw new IllegalArgumentException("The path contains the short (8.3) name \"" + component
                    + "\", which may stand for several folders; use the long name or the volume's GUID name. "
                    + example);
        }
        boolean onlyDots = ONLY_DOTS.matcher(component).matches();
        if (onlyDots || (!listed && endsWithDotOrSpace(component))) {
            throw new IllegalArgumentException("The path contains a name that ends with a dot or a space (\""
                    + component + "\"), which Windows changes to another name; use the volume's GUID name. "
                    + example);
        }
    }

    private static boolean endsWithDotOrSpace(String component) {
        return component.endsWith(".") || component.endsWith(" ");
    }

    private static String unquote(String text) {
        boolean quoted = text.length() >= 2
                && (text.charAt(0) == '"' || text.charAt(0) == '\'')
                && text.charAt(text.length() - 1) == text.charAt(0);
        return quoted ? text.substring(1, text.length() - 1) : text;
    }

    private static String trimBackslashes(String path) {
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '\\') {
            end--;
        }
        return path.substring(0, end);
    }

    /**
     * Converts each character to upper case, as the file system does to compare names. No character becomes two, and a non-ASCII character
     * never becomes an ASCII character ({@code ß} is not {@code SS}, {@code ı} is not {@code I}).
     */
    static String fold(String text) {
        char[] folded = text.toCharArray();
        for (int i = 0; i < folded.length; i++) {
            char upper = Character.toUpperCase(folded[i]);
            boolean keep = folded[i] == MICRO_SIGN || (folded[i] > LAST_ASCII && upper <= LAST_ASCII);
            folded[i] = keep ? folded[i] : upper;
        }
        return new String(folded);
    }

    /**
     * The volume that the path is on: the one with the longest root that contains the path.
     *
     * @throws AmbiguousPathException with a message for users, if it may be on several
     */
    Optional<Volume> on(List<Volume> volumes) {
        Map<VolumeKey, Volume> found = new LinkedHashMap<>();
        int longest = -1;
        for (Volume volume : volumes) {
            String root = fold(rootOf(volume, guid));
            if (root.length() >= longest && contains(canonical, root)) {
                if (root.length() > longest) {
                    found.clear();
                }
                found.put(volume.key(), volume);
                longest = root.length();
            }
        }
        List<Volume> alike = List.copyOf(found.values());
        if (alike.size() < 2) {
            return alike.stream().findFirst();
        }
        List<Volume> spelt = alike.stream()
                .filter(volume -> contains(written, rootOf(volume, guid)))
                .toList();
        if (spelt.size() == 1) {
            return Optional.of(spelt.get(0));
        }
        throw ambiguous(spelt.isEmpty() ? alike : spelt);
    }

    private AmbiguousPathException ambiguous(List<Volume> volumes) {
        boolean oneName =
                volumes.stream().map(volume -> rootOf(volume, guid)).distinct().count() == 1;
        if (!oneName) {
            return new AmbiguousPathException(
                    "The path may mean several volumes, whose names differ only in case; write it exactly as the cluster does.");
        }
        String which = volumes.stream()
                .limit(MOST_NAMED)
                .map(volume -> volume.guidName() + " on " + volume.resourceName())
                .collect(Collectors.joining(" and "));
        return new AmbiguousPathException("\"" + rootOf(volumes.get(0), guid) + "\" is the name of " + volumes.size()
                + " volumes, " + which + ": "
                + (guid
                        ? "no name identifies only one of them; give them different names."
                        : "use the GUID name of the one that you mean."));
    }

    private static String rootOf(Volume volume, boolean guid) {
        return trimBackslashes(guid ? volume.guidName() : volume.friendlyPath());
    }

    private static boolean contains(String path, String root) {
        return !root.isEmpty() && (path.equals(root) || path.startsWith(root + "\\"));
    }

    /**
     * The native function's argument for a volume, with a trailing backslash: the friendly path, or the GUID name where Windows may resolve
     * that path to another volume. It is not documented that the function accepts a GUID name, but a clear must not hit another volume.
     *
     * @param volumes all known volumes
     */
    static String nativeRoot(Volume volume, List<Volume> volumes) {
        String path = fold(volume.friendlyPath());
        boolean plain = !path.isEmpty()
                && Arrays.stream(path.split("\\\\", -1)).noneMatch(VolumePath::endsWithDotOrSpace)
                && volumes.stream()
                        .noneMatch(other -> !other.key().equals(volume.key())
                                && fold(other.friendlyPath()).equals(path));
        return trimBackslashes(plain ? volume.friendlyPath() : volume.guidName()) + "\\";
    }
}
