package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ShadowCopies;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lists the shadow copies of a node. <strong>Asking starts the node's VSS service.</strong> Thread-safe. */
final class ShadowCopyQuery {
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    /** A node's name becomes part of the script, so it must not end a string there. */
    private static final Pattern NODE_NAME = Pattern.compile("[\\p{L}\\p{N}._-]{1,255}");

    private static final String REMEDY_HERE =
            "Check manually with: vssadmin list shadows. That too starts the VSS service, for some minutes.";

    private final WindowsPowerShell powerShell;

    ShadowCopyQuery(WindowsPowerShell powerShell) {
        this.powerShell = powerShell;
    }

    /**
     * The copies of all volumes that the node knows, and its VSS service right before the query.
     *
     * @param node null: this one
     */
    ShadowCopies list(@Nullable String node) throws ClusterException {
        if (node != null && !NODE_NAME.matcher(node).matches()) {
            throw ClusterException.unavailable(
                    "the node's name \"" + node + "\" cannot be passed to PowerShell",
                    "Check manually on that node with: vssadmin list shadows.");
        }
        String rights = node == null
                ? "Run the agent as LocalSystem, as an administrator or as a Backup Operator. " + REMEDY_HERE
                : "Run the agent as an account that is an administrator of " + node
                        + " too, and open its firewall for Windows Management Instrumentation.";
        return powerShell.ask(
                new WindowsPowerShell.Question(
                        "shadow copies",
                        node == null ? "this node" : node,
                        "csv-backup-shadow-copies",
                        MOST_BYTES,
                        rights,
                        REMEDY_HERE),
                script(node),
                ShadowCopyList::parse);
    }

    /** No line is long enough to be wrapped. */
    static String script(@Nullable String node) {
        String computer = node == null ? "" : " -ComputerName '" + node + "'";
        String from = "Get-WmiObject -Namespace 'root\\cimv2'" + computer + " -Class ";
        return ScriptText.script("$vss=" + from + "Win32_Service -Filter 'Name=''VSS'''; 'vss='+$vss.State;"
                + " $copies=@(" + from + "Win32_ShadowCopy); foreach ($c in $copies) { 'copy'; 'id='+(e $c.ID);"
                + " 'set='+(e $c.SetID); 'provider='+(e $c.ProviderID); 'volume='+(e $c.VolumeName);"
                + " 'machine='+(e $c.OriginatingMachine); 'persistent='+$c.Persistent; 'state='+$c.State;"
                + " 'created='+$c.InstallDate };"
                + " $volumes=@(" + from + "Win32_Volume); foreach ($v in $volumes) { 'own'; 'device='+(e $v.DeviceID);"
                + " 'drive='+(e $v.DriveLetter); 'filesystem='+(e $v.FileSystem) };"
                + " 'end='+$copies.Count+' '+$volumes.Count");
    }
}
