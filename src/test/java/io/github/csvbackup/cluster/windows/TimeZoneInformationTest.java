package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeZoneInformationTest {
    /** As the compiler lays it out: a LONG, then twice 32 WCHARs, a SYSTEMTIME of 8 WORDs and a LONG. */
    private static byte[] information(int bias, int standardBias, int daylightBias) {
        ByteBuffer bytes = ByteBuffer.allocate(TimeZoneInformation.SIZE).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(bias);
        for (int half : new int[] {standardBias, daylightBias}) {
            for (int i = 0; i < 32 + 8; i++) {
                bytes.putShort((short) 0x4141);
            }
            bytes.putInt(half);
        }
        assertThat(bytes.remaining()).isZero();
        return bytes.array();
    }

    @ParameterizedTest
    @CsvSource({
        "1, -60, +01:00", // Berlin in winter
        "2, -60, +02:00", // Berlin in summer
        "1, 300, -05:00", // New York in winter
        "2, 300, -04:00",
        "0, -330, +05:30", // India, without daylight saving time: its biases do not count
        "0, 0, Z",
        "1, 210, -03:30",
        "0, -840, +14:00"
    })
    void theOffsetIsTheOppositeOfTheCurrentBias(int id, int bias, String offset) {
        assertThat(TimeZoneInformation.offset(id, information(bias, id == 0 ? 7 : 0, -60)))
                .isEqualTo(ZoneOffset.of(offset));
    }

    @Test
    void aStandardBiasCounts() {
        assertThat(TimeZoneInformation.offset(1, information(0, -60, 0))).isEqualTo(ZoneOffset.ofHours(1));
    }

    @ParameterizedTest
    @CsvSource({"-1, -60", "3, -60", "1, 2000", "1, -2147483648", "2, -2147483648"})
    void anImpossibleAnswerIsUtc(int id, int bias) {
        assertThat(TimeZoneInformation.offset(id, information(bias, -60, -60))).isEqualTo(ZoneOffset.UTC);
    }

    @Test
    void itIsReadFromKernel32() {
        Kernel32 kernel32 = (Kernel32) Proxy.newProxyInstance(
                Kernel32.class.getClassLoader(), new Class<?>[] {Kernel32.class}, (proxy, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("GetTimeZoneInformation");
                    byte[] given = (byte[]) arguments[0];
                    System.arraycopy(information(-60, 0, -60), 0, given, 0, given.length);
                    return 2;
                });

        assertThat(new SystemCalls(kernel32).localOffset()).isEqualTo(ZoneOffset.ofHours(2));
    }
}
