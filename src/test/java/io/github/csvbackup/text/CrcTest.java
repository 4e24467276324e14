package io.github.csvbackup.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class CrcTest {
    private static int sum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return (int) sum.getValue();
    }

    @Test
    void theSumOfBothIsThatOfTheWhole() {
        Random random = new Random(42);
        for (int length : new int[] {0, 1, 2, 3, 7, 8, 255, 256, 4097, 100_000}) {
            byte[] whole = new byte[length];
            random.nextBytes(whole);
            for (int cut : new int[] {0, 1, length / 3, length / 2, length - 1, length}) {
                int at = Math.max(0, Math.min(cut, length));
                byte[] first = Arrays.copyOf(whole, at);
                byte[] second = Arrays.copyOfRange(whole, at, length);

                assertThat(Crc.joined(sum(first), sum(second), second.length))
                        .as("%s of %s bytes", at, length)
                        .isEqualTo(sum(whole));
            }
        }
    }
}
