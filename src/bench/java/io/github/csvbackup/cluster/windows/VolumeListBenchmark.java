package io.github.csvbackup.cluster.windows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The time for one volume of a disk's list. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class VolumeListBenchmark {
    private static final int VOLUMES = 100;
    private static final int ITEM = 648;

    private final byte[] list = list();

    /** CLUSPROP_SYNTAX_LIST_VALUE_BINARY and a length before each CLUS_CSV_VOLUME_INFO of 640 bytes; see VolumeInfoList. */
    private static byte[] list() {
        ByteBuffer list = ByteBuffer.allocate(ITEM * VOLUMES + 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < VOLUMES; i++) {
            int at = ITEM * i;
            list.putInt(at, 0x00010001).putInt(at + 4, 640);
            list.putInt(at + 8 + 12, 1);
            list.put(at + 28, ("C:\\ClusterStorage\\Volume" + i).getBytes(StandardCharsets.UTF_16LE));
            list.put(
                    at + 548,
                    String.format("\\\\?\\Volume{5f0c9a10-0000-4000-8000-%012d}\\", i)
                            .getBytes(StandardCharsets.UTF_16LE));
        }
        return list.array();
    }

    @Benchmark
    @OperationsPerInvocation(VOLUMES)
    public List<?> parse() throws MalformedListException {
        return VolumeInfoList.parse(ByteBuffer.wrap(list));
    }
}
