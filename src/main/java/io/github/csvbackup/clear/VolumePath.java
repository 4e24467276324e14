package io.github.csvbackup.clear;

import io.github.csvbackup.cluster.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A caller's path, made comparable. Any file or folder on a volume stands for the volume; so do its friendly path and its GUID name,
 * with or without trailing backslash, {@code \\?\} prefix, forward slashes or surrounding quotes. Comparison is by ordinal,
 * without regard to case, and by whole components: {@code Volume1} never means {@code Volume10}.
 */
final class VolumePath {
    private static final int LONGEST = 32_767;
    private static final char LAST_ASCII = 0x7F;
    /** Its upper case is a Greek letter, which the file system takes for another one. */
    private static final char MICRO_SIGN = 0xB5;

    private static final Pattern SHORT_NAME = Pattern.compile("[^\\\\]{1,8}~[0-9]+(\\.[^\\\\.]{0,3})?");
    private static final Pattern GUID_NAME =
            Pattern.compile("\\\\\\\\\\?\\\\VOLUME\\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}}(\\\\.*)?");
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
     * @throws IllegalArgumentException with a sentence, if the text is no absolute local path
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
        String path = unquote(text.strip()).replace('/', '\\');
        String written = path;
        path = fold(path);
        boolean guid = GUID_NAME.matcher(path).matches();
        if (!guid) {
            path = local(path, example);
        }
        String components = guid ? path.substring(4) : path.substring(2);
        for (String component : components.split("\\\\", -1)) {
            check(component, example);
        }
        return new VolumePath(
                trimBackslashes(path), trimBackslashes(written.substring(written.length() - path.length())), guid);
    }

    private static String local(String path, String example) {
        String plain = path;
        if (path.startsWith("\\\\?\\")) {
            plain = path.substring(4);
            if (plain.startsWith("UNC\\") || !isDrivePath(plain)) {
                throw new IllegalArgumentException("The path is no local path. " + example);
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

    private static void check(String component, String example) {
        if (component.equals("..") || component.equals(".")) {
            throw new IllegalArgumentException("The path contains \"" + component + "\"; write it without. " + example);
        }
        if (component.indexOf(':') >= 0) {
            throw new IllegalArgumentException("The path names a stream (\":\"); streams are not allowed. " + example);
        }
        if (SHORT_NAME.matcher(component).matches()) {
            throw new IllegalArgumentException("The path contains the short (8.3) name \"" + component
                    + "\", which does not say which folder it means; write the long name. " + example);
        }
        if (!component.isEmpty() && (component.endsWith(".") || component.endsWith(" "))) {
            throw new IllegalArgumentException("The path contains a name that ends with a dot or a space (\""
                    + component + "\"), which Windows reads as another name. " + example);
        }
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
     * In the upper case of single characters, as the file system compares names: no character becomes two, and none beyond ASCII becomes one
     * of ASCII ({@code ß} is not {@code SS}, {@code ı} is not {@code I}).
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
     * The volume that the path lies on: the one with the longest root that contains it.
     *
     * @throws IllegalArgumentException with a sentence, if two volumes differ in nothing but case and the path is spelt as neither
     */
    Optional<Volume> on(List<Volume> volumes) {
        List<Volume> found = new ArrayList<>();
        int longest = -1;
        for (Volume volume : volumes) {
            String root = fold(rootOf(volume));
            if (root.length() >= longest && contains(canonical, root)) {
                if (root.length() > longest) {
                    found.clear();
                }
                found.add(volume);
                longest = root.length();
            }
        }
        if (found.size() > 1) {
            found.removeIf(volume -> !contains(written, rootOf(volume)));
            if (found.size() != 1) {
                throw new IllegalArgumentException(
                        "The path may mean several volumes, whose names differ only in case; spell it exactly as the cluster does.");
            }
        }
        return found.stream().findFirst();
    }

    private String rootOf(Volume volume) {
        return trimBackslashes(guid ? volume.guidName() : volume.friendlyPath());
    }

    private static boolean contains(String path, String root) {
        return path.equals(root) || path.startsWith(root + "\\");
    }
}
