package io.github.csvbackup.cluster.windows;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.ptr.IntByReference;
import io.github.csvbackup.cluster.ClusterException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowingTextTest {
    private static final int MORE_DATA = 234;

    private final List<Integer> sizes = new ArrayList<>();
    private final GrowingText texts = new GrowingText(new SystemCalls((Kernel32) Proxy.newProxyInstance(
            Kernel32.class.getClassLoader(), new Class<?>[] {Kernel32.class}, (proxy, method, arguments) -> {
                throw new IllegalStateException(method.getName());
            })));

    private String read(String text) throws ClusterException {
        return texts.read("ClusterEnum", (buffer, length) -> fill(text, buffer, length));
    }

    /** Writes no NUL behind the text. */
    private int fill(String text, char[] buffer, IntByReference length) {
        sizes.add(length.getValue());
        length.setValue(text.length());
        if (text.length() >= buffer.length) {
            return MORE_DATA;
        }
        text.getChars(0, text.length(), buffer, 0);
        return 0;
    }

    @Test
    void theBufferGrowsOnceAndHoldsNothingOfAnEarlierText() throws ClusterException {
        String longName = "N".repeat(700);

        assertThat(read("NODE1")).isEqualTo("NODE1");
        assertThat(read(longName)).isEqualTo(longName);
        assertThat(read(longName)).isEqualTo(longName);
        assertThat(read("NODE2")).isEqualTo("NODE2");
        assertThat(sizes).containsExactly(512, 512, 1024, 1024, 1024);
    }
}
