package io.github.csvbackup.powershell;

import static io.github.csvbackup.powershell.StubAgent.busy;
import static io.github.csvbackup.powershell.StubAgent.result;
import static io.github.csvbackup.powershell.StubAgent.volume;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the module and the check for monitoring systems say about disks that an agent cannot read. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("jdk-independent")
class PowerShellUnreadableDisksIT extends WithStubAgent {
    /** Hundreds of disks usually have one cause, and a monitoring system shows one line. */
    @Test
    void threeHundredUnreadableDisksAreOneWarning() throws Exception {
        List<String> disks = new ArrayList<>();
        for (int n = 1; n <= 300; n++) {
            disks.add("Disk " + n + ": reading Disk " + n + " has not returned for " + n + " s. Check the disk.");
        }
        stub.knows(List.of(volume(ONE)))
                .has("UnreadableDisks", disks)
                .does("assess", path -> result(path, null, null, "IDLE"));
        String warning =
                "NODE1: 300 disks could not be read, such as Disk 1, Disk 2, Disk 3; their volumes may be missing or their data older:"
                        + " reading the disk has not returned for 1 s. Check the disk.";
        try (StubAgent second = StubAgent.start()) {
            second.has("UnreadableDisks", disks);
            assertThat(pwsh.run("""
                            $null = Get-CsvBackupState -WarningVariable told
                            $told.Message
                            $null = Test-CsvBackupState -WarningVariable told
                            $told.Message
                            $null = Wait-CsvBackupState -TimeoutSeconds 1 -ErrorAction SilentlyContinue -WarningVariable told
                            $told.Message
                            (Get-Health) -replace 'volumes=.*'
                            (Get-Health $Url, 'SECOND') -replace 'volumes=.*'
                            (ConvertFrom-Json -InputObject (Get-Health $Url @{ Format = 'Prtg' }).Substring(2)).prtg.text
                            """.replace("SECOND", second.url())))
                    .isEqualTo(String.join(
                            "\n",
                            warning,
                            warning,
                            warning,
                            health(" | "),
                            health(" | "),
                            health("").substring(16)));
        }
    }

    private static String health(String end) {
        StringBuilder text = new StringBuilder("3 CSV UNKNOWN - ");
        for (int n = 1; n <= 5; n++) {
            text.append("NODE1 could not read a disk: Disk " + n + ": reading Disk " + n + " has not returned for " + n
                    + " s. Check the disk. ");
        }
        return text + "295 more disks could not be read." + end;
    }

    @Test
    void eachReasonIsOneWarningUpToFive() throws Exception {
        stub.knows(List.of(volume(ONE)))
                .has(
                        "UnreadableDisks",
                        List.of(
                                "A: offline. Bring it online.",
                                "B: access denied. Run as administrator.",
                                "C: offline. Bring it online.",
                                "strange",
                                "D: 3. Three.",
                                "E: 4. Four.",
                                "F: 5. Five.",
                                "G: 6. Six."));
        assertThat(pwsh.run("""
                        $null = Get-CsvBackupState -WarningVariable told
                        $told.Message
                        """)).isEqualTo("""
                        NODE1: 2 disks could not be read (A, C); their volumes may be missing or their data older: offline. Bring it online.
                        NODE1: a disk could not be read, so its volumes may be missing or their data older: B: access denied. Run as administrator.
                        NODE1: a disk could not be read, so its volumes may be missing or their data older: strange
                        NODE1: a disk could not be read, so its volumes may be missing or their data older: D: 3. Three.
                        NODE1: a disk could not be read, so its volumes may be missing or their data older: E: 4. Four.
                        NODE1: more disks could not be read, for 2 more reasons. Get-CsvBackupAgent lists them in UnreadableDisks.""");
    }

    /** How long a disk has been hanging differs each time. */
    @Test
    void aWaitWarnsOnceOfADiskThatHangs() throws Exception {
        AtomicInteger seconds = new AtomicInteger();
        stub.knows(List.of(busy(ONE, "UNPROVEN")))
                .has(
                        "UnreadableDisks",
                        () -> List.of("Disk 9: reading it has not returned for " + seconds.incrementAndGet()
                                + " s. Check it."));
        assertThat(pwsh.run("""
                        Wait-CsvBackupState -TimeoutSeconds 3 -ErrorAction SilentlyContinue -WarningVariable told
                        $told.Count
                        """)).isEqualTo("1");
        assertThat(seconds).hasValueGreaterThan(1);
    }
}
