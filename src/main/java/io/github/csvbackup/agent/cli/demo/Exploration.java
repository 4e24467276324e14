package io.github.csvbackup.agent.cli.demo;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * What there is to explore after the story, and three commands to try: for a shell, or for PowerShell.
 *
 * @param base the agent's address, with a slash at the end
 * @param tokenFile the file of the operator's token
 */
public record Exploration(URI base, Path tokenFile, boolean powerShell) {
    private static final String STATE = "'{\"type\":\"exec\",\"mbean\":\"" + StoryRequest.STATE + "\",\n    ";
    private static final String END_OF_THE_BACKUP = "'{\"type\":\"exec\",\"mbean\":\"" + StoryRequest.SIMULATOR
            + "\",\n    \"operation\":\"completeBackup\",\"arguments\":[\"C:\\\\ClusterStorage\\\\Volume1\"]}'";

    /** On this system. */
    public static Exploration here(URI base, Path tokenFile) {
        return new Exploration(
                base, tokenFile, System.getProperty("os.name", "").startsWith("Windows"));
    }

    /** The commands, each of which may have several lines. */
    List<String> commands() {
        return List.of(
                command(
                        STATE + "\"operation\":\"explain\",\"arguments\":[\"C:\\\\ClusterStorage\\\\Volume2\"]}'",
                        true),
                command(
                        STATE + "\"operation\":\"clearAll\",\"arguments\":[[\"C:\\\\ClusterStorage\\\\Volume1\",\n"
                                + "    \"C:\\\\ClusterStorage\\\\Volume2\",\"C:\\\\ClusterStorage\\\\Volume3\"]]}'",
                        false),
                command(END_OF_THE_BACKUP, false));
    }

    /** @param text the answer is a text of several lines, which JSON writes as one */
    private String command(String body, boolean text) {
        String url = base.resolve("jolokia/").toString();
        if (powerShell) {
            return "$folder = '" + String.valueOf(tokenFile.getParent()).replace("'", "''")
                    + "'\n    $token = Get-Content (Join-Path $folder " + tokenFile.getFileName()
                    + ")\n    $headers = @{ Authorization = \"Bearer $token\" }\n    (Invoke-RestMethod " + url
                    + " -Method Post -Headers $headers -Body (\n    " + body + ")).value";
        }
        return "curl -s " + url + " \\\n    -u \"operator:$(cat '"
                + tokenFile.toString().replace("'", "'\\''") + "')\" \\\n    -d " + body
                + (text ? " |\n    awk '{gsub(/\\\\n/,\"\\n\")}1'" : "");
    }

    /** All lines to print. */
    public List<String> lines() {
        List<String> commands = commands();
        return List.of(
                "",
                "Volume1 has a live backup. It reads a persistent shadow copy, and VSS has stopped: no poll sees it.",
                "Volume2 is stale and UNPROVEN. Volume3 is CLEARABLE. The page with all volumes:",
                "  " + base,
                "Three commands to try in another window:",
                "",
                "1.  Why is Volume2 UNPROVEN?",
                "    " + commands.get(0),
                "2.  Clear all three. The clear asks the nodes and finds the copy: only Volume3 is CLEARED.",
                "    " + commands.get(1),
                "3.  The backup of Volume1 ends, and its state with it.",
                "    " + commands.get(2),
                "",
                "The agent keeps running until you press Ctrl+C.");
    }
}
