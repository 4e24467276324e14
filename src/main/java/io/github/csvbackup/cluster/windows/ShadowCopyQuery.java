package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.threads.ChildProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Lists the shadow copies of a node through a child process, the system's own Windows PowerShell: COM inside the host's JVM could crash it
 * and would set the COM security of the whole process. <strong>Asking starts the node's VSS service.</strong> Thread-safe.
 */
final class ShadowCopyQuery {
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    /** A node's name becomes part of the script, so it must not end a string there. */
    private static final Pattern NODE_NAME = Pattern.compile("[\\p{L}\\p{N}._-]{1,255}");

    private static final String REMEDY_HERE =
            "Check manually with: vssadmin list shadows. That too starts the VSS service, for some minutes.";

    private final Path powerShell;
    private final Duration deadline;

    /**
     * @param systemDirectory such as {@code C:\Windows\System32}
     * @param deadline the child is killed after it
     */
    ShadowCopyQuery(Path systemDirectory, Duration deadline) {
        this.powerShell = systemDirectory.resolve(Path.of("WindowsPowerShell", "v1.0", "powershell.exe"));
        this.deadline = deadline;
    }

    /** The path of the system's PowerShell. */
    Path powerShell() {
        return powerShell;
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
        ChildProcess.Result result = run(new ProcessBuilder(
                powerShell.toString(),
                "-NoLogo",
                "-NoProfile",
                "-NonInteractive",
                "-ExecutionPolicy",
                "Bypass",
                "-Command",
                script(node)));
        String where = node == null ? "this node" : node;
        if (result.exitCode() != 0) {
            String what = where + " did not list its shadow copies: " + reason(result);
            String remedy = node == null
                    ? "Run the agent as LocalSystem, as an administrator or as a Backup Operator. " + REMEDY_HERE
                    : "Run the agent as an account that is an administrator of " + node
                            + " too, and open its firewall for Windows Management Instrumentation.";
            throw isDenied(result) ? ClusterException.denied(what, remedy) : ClusterException.unavailable(what, remedy);
        }
        try {
            return ShadowCopyList.parse(result.output());
        } catch (MalformedListException e) {
            throw ClusterException.unavailable(
                    "the list of shadow copies of " + where + " cannot be read: " + e.getMessage(), REMEDY_HERE);
        }
    }

    /**
     * Works in PowerShell 2.0 and in constrained language: cmdlets, properties, texts, characters and numbers only. No line is long enough to be wrapped.
     * The function {@code e} writes a value as {@link ShadowCopyList#unescape} reads it.
     */
    static String script(@Nullable String node) {
        String computer = node == null ? "" : " -ComputerName '" + node + "'";
        String from = "Get-WmiObject -Namespace 'root\\cimv2'" + computer + " -Class ";
        return "$ErrorActionPreference='Stop'; function e($text) { -join ([char[]][string]$text | ForEach-Object {"
                + " if ([int]$_ -eq 92) { '\\\\' } elseif ([int]$_ -ge 32 -and [int]$_ -lt 127) { $_ }"
                + " else { '\\u{0:x4}' -f [int]$_ } }) };"
                + " try { $vss=" + from + "Win32_Service -Filter 'Name=''VSS'''; 'vss='+$vss.State;"
                + " $copies=@(" + from + "Win32_ShadowCopy); foreach ($c in $copies) { 'copy'; 'id='+(e $c.ID);"
                + " 'set='+(e $c.SetID); 'provider='+(e $c.ProviderID); 'volume='+(e $c.VolumeName);"
                + " 'machine='+(e $c.OriginatingMachine); 'persistent='+$c.Persistent; 'state='+$c.State;"
                + " 'created='+$c.InstallDate };"
                + " $volumes=@(" + from + "Win32_Volume); foreach ($v in $volumes) { 'own'; 'device='+(e $v.DeviceID);"
                + " 'drive='+(e $v.DriveLetter); 'filesystem='+(e $v.FileSystem) };"
                + " 'end='+$copies.Count+' '+$volumes.Count }"
                + " catch { 'error='+(e $_.Exception.Message); 'hresult='+$_.Exception.HResult;"
                + " 'wmi='+$_.Exception.ErrorCode; exit 3 }";
    }

    /**
     * True if the error is that access was denied: the HRESULT of E_ACCESSDENIED (winerror.h), which .NET shows since 4.5, or the code of a
     * ManagementException. Never seen on Windows.
     */
    private static boolean isDenied(ChildProcess.Result result) {
        return result.output()
                .lines()
                .map(String::strip)
                .anyMatch(line -> line.equals("hresult=-2147024891") || line.equals("wmi=AccessDenied"));
    }

    private static String reason(ChildProcess.Result result) {
        for (String line : result.output().lines().map(String::strip).toList()) {
            if (line.startsWith("error=")) {
                String text = line.substring("error=".length());
                try {
                    return ShadowCopyList.unescape(text);
                } catch (MalformedListException e) {
                    return text;
                }
            }
        }
        return "PowerShell ended with exit code " + result.exitCode();
    }

    private ChildProcess.Result run(ProcessBuilder builder) throws ClusterException {
        // A host's PSModulePath may be that of PowerShell 7, whose modules Windows PowerShell cannot load.
        builder.environment().remove("PSModulePath");
        builder.redirectErrorStream(true);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw ClusterException.unavailable(
                    "Windows PowerShell could not be started at " + powerShell + ": " + e.getMessage(),
                    "Allow the agent's account to run it. " + REMEDY_HERE);
        }
        try {
            return ChildProcess.await(
                    process, "csv-backup-shadow-copies", deadline, MOST_BYTES, StandardCharsets.US_ASCII);
        } catch (ChildProcess.OutputTooLongException e) {
            throw ClusterException.unavailable(
                    "the list of shadow copies is longer than " + MOST_BYTES + " bytes", REMEDY_HERE);
        } catch (TimeoutException e) {
            throw ClusterException.unavailable(
                    "PowerShell did not list the shadow copies within " + deadline.toSeconds() + " s and was killed",
                    "Check the Windows Management Instrumentation service of that node, and try again.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ClusterException.unavailable("asking for shadow copies was interrupted", "Try again.");
        } catch (IOException e) {
            throw ClusterException.unavailable(
                    "the output of PowerShell cannot be read: " + e.getMessage(), REMEDY_HERE);
        }
    }
}
