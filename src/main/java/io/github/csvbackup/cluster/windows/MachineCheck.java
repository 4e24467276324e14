package io.github.csvbackup.cluster.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.BackupStateSupport;
import io.github.csvbackup.cluster.BoundedChecks;
import io.github.csvbackup.cluster.ClusterException;
import io.github.csvbackup.cluster.Finding;
import io.github.csvbackup.cluster.Finding.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/** Checks the system, its functions, and the rights of this account. Only reads. Used once. */
final class MachineCheck {
    /** CLUSAPI_READ_ACCESS and CLUSAPI_CHANGE_ACCESS (clusapi.h). */
    private static final int READ_AND_CHANGE = 0x3;

    private static final int NAME_CHARS = 257; // UNLEN + 1 (lmcons.h)

    private final UnaryOperator<String> properties;
    private final BoundedChecks checks;
    private final List<Finding> findings = new ArrayList<>();

    MachineCheck(UnaryOperator<String> properties, BoundedChecks checks) {
        this.properties = properties;
        this.checks = checks;
    }

    private void add(String check, Result result, String detail, String remedy) {
        findings.add(new Finding(check, result, detail, remedy));
    }

    private void ok(String check, String detail) {
        findings.add(Finding.ok(check, detail));
    }

    /** @param load loads the libraries */
    List<Finding> run(BackupStateSupport support, Callable<Libraries> load) {
        ok(
                "system",
                properties.apply("os.name") + " " + properties.apply("os.version") + " " + properties.apply("os.arch")
                        + ", Java " + properties.apply("java.version"));
        ok("backup-state", support + ": " + support.sentence());
        SystemCalls calls = checks.attempt("kernel32.dll", Result.FAILED, findings, Libraries::loadSystem);
        Path directory = calls == null
                ? null
                : checks.attempt("system-directory", Result.FAILED, findings, calls::systemDirectory);
        if (directory == null) {
            return findings;
        }
        boolean complete = true;
        for (Libraries.Part part : Libraries.Part.values()) {
            complete &= functions(part, directory);
        }
        powerShell(directory);
        Libraries libraries = complete ? checks.attempt("libraries", Result.FAILED, findings, load) : null;
        if (libraries != null) {
            cluster(libraries);
            ok("clear", "ClusterClearBackupStateForSharedVolume was found; it was not called");
        }
        return findings;
    }

    private boolean functions(Libraries.Part part, Path directory) {
        String check = "functions of " + part.file;
        List<String> missing = checks.attempt(check, Result.FAILED, findings, () -> part.missing(directory));
        if (missing == null) {
            return false;
        }
        if (missing.isEmpty()) {
            ok(check, "found " + String.join(", ", part.names()));
            return true;
        }
        add(
                check,
                Result.FAILED,
                "not found: " + String.join(", ", missing),
                "The agent needs Windows Server 2008 R2 or later, with its cluster files intact.");
        return false;
    }

    private void powerShell(Path directory) {
        Path powerShell = new WindowsPowerShell(directory, Duration.ZERO).path();
        if (Files.isExecutable(powerShell)) {
            ok(
                    "powershell",
                    powerShell + " exists; shadow copies were not listed, because that starts the VSS service");
        } else {
            add(
                    "powershell",
                    Result.WARNING,
                    powerShell + " cannot be run, so shadow copies are unknown and clear refuses",
                    "Allow the agent's account to run it.");
        }
    }

    /** Checks the rights of this account on this node's cluster. */
    List<Finding> cluster(Libraries libraries) {
        ClusApi api = libraries.clusApi();
        SystemCalls system = libraries.system();
        String account =
                checks.attempt("account", Result.UNKNOWN, findings, () -> account(libraries.advapi32(), system));
        if (account != null) {
            ok("account", account);
        }
        String local = checks.attempt("computer-name", Result.FAILED, findings, system::computerName);
        Boolean runs = checks.attempt("cluster-service", Result.FAILED, findings, () -> {
            NodeClusterState.requireRunning(api, system);
            return true;
        });
        if (local != null && runs != null) {
            ok("cluster-service", "it is running on this node, " + local);
            fullAccess(api, system);
        }
        return findings;
    }

    private static String account(Advapi32 api, SystemCalls system) throws ClusterException {
        char[] name = new char[NAME_CHARS];
        if (!api.GetUserName(name, new IntByReference(name.length))) {
            throw system.lastFailure("GetUserName");
        }
        return Native.toString(name);
    }

    private void fullAccess(ClusApi api, SystemCalls system) {
        Integer granted = checks.attempt("full-access", Result.UNKNOWN, findings, () -> {
            IntByReference access = new IntByReference();
            Pointer opened = api.OpenClusterEx(null, ClusApi.MAXIMUM_ALLOWED, access);
            Handle.of(system, "OpenClusterEx", opened, api::CloseCluster).close();
            return access.getValue();
        });
        if (granted == null) {
            return;
        }
        boolean full = (granted & READ_AND_CHANGE) == READ_AND_CHANGE;
        add(
                "full-access",
                full ? Result.OK : Result.WARNING,
                "the cluster grants access 0x" + Integer.toHexString(granted)
                        + (full ? ", read and change" : ", read only"),
                full
                        ? ""
                        : "Run the agent as LocalSystem or as an administrator of the node, or use Grant-ClusterAccess.");
    }
}
