package io.github.csvbackup.http.page;

import io.github.csvbackup.cluster.Volume;
import io.github.csvbackup.cluster.VolumeNames;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.text.PowerShellText;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The commands that a person copies from the page. Those for curl have the same meaning in cmd, bash and sh: they quote with {@code "}, and all
 * characters that one of these shells interprets are written as JSON escapes.
 *
 * @param address the agent's address, with a slash at the end
 */
record Commands(String address) {
    /** Where the module looks for an agent by default. */
    private static final Set<String> DEFAULTS = Set.of("http://127.0.0.1:8778/", "http://localhost:8778/");
    /**
     * Paths that survive being shown, copied and pasted: letters, digits and some punctuation. Others, such as those with control characters or with
     * spaces at the end, are replaced by the GUID name.
     */
    private static final Pattern PLAIN_PATH =
            Pattern.compile("[A-Za-z]:(\\\\(?! )[\\p{L}\\p{M}\\p{N}!#$%&'()+,\\-.;=@\\[\\]^_`{}~ ]+(?<![ .]))+");

    /** The reader of the page replaces it. */
    static final String USER = "NAME";

    private static final Pattern TWO_SPACES = Pattern.compile(" {2}");
    private static final String NOT_ESCAPED = " -./:?_{}";

    /** Shows the checks. */
    String test(Volume volume, VolumeNames names) {
        return "Test-CsvBackupState -VolumeName " + PowerShellText.quoted(typed(volume, names)) + connection();
    }

    /** Clears one volume. */
    String clear(Volume volume, VolumeNames names) {
        return "Clear-CsvBackupState -VolumeName " + PowerShellText.quoted(typed(volume, names)) + connection();
    }

    /** Clears all volumes that may be cleared. */
    String clearAll() {
        return "Get-CsvBackupState" + connection()
                + " | Where-Object -Property Verdict -EQ -Value CLEARABLE | Clear-CsvBackupState";
    }

    /** Shows the checks, without the module. */
    String curlAssess(Volume volume, VolumeNames names) {
        return curl("assess", !isLocal(), typed(volume, names));
    }

    /** Clears one volume, without the module. */
    String curlClear(Volume volume, VolumeNames names) {
        return curl("clear", true, typed(volume, names));
    }

    /** False at the address for other machines, which needs a user for everything. */
    boolean isLocal() {
        return address.startsWith("http:");
    }

    /** A name of the volume that can be typed. */
    private static String typed(Volume volume, VolumeNames names) {
        String path = volume.friendlyPath();
        boolean plain = names.isNamedByPath(volume)
                && PLAIN_PATH.matcher(path).matches()
                && !TWO_SPACES.matcher(path).find();
        return plain ? path : volume.guidName();
    }

    private String connection() {
        if (DEFAULTS.contains(address)) {
            return "";
        }
        return " -Uri " + address + (isLocal() ? "" : " -Credential " + USER);
    }

    private String curl(String operation, boolean withPassword, String volume) {
        // The agent reads slashes like backslashes, which shells would interpret.
        String path = escaped(volume.replace('\\', '/'));
        return "curl " + (withPassword ? "-u " + (isLocal() ? "operator" : USER) + " " : "")
                + "-d \"{\\\"type\\\":\\\"exec\\\",\\\"mbean\\\":\\\"io.github.csvbackup:type=CsvBackupState\\\",\\\"operation\\\":\\\""
                + operation + "\\\",\\\"arguments\\\":[\\\"" + path + "\\\"]}\" " + address + "jolokia/";
    }

    /** In a JSON string. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || NOT_ESCAPED.indexOf(c) >= 0) {
                out.append(c);
            } else {
                OutsideText.escape(out, c);
            }
        }
        return out.toString();
    }
}
