package io.github.csvbackup.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The counters for each sender, and their limits. */
class SendersTest {
    private final AtomicLong nanos = new AtomicLong();

    private static String group(String address) throws Exception {
        return AddressGroup.of(InetAddress.getByName(address));
    }

    @Test
    void oneMachineIsOneSenderWhicheverOfItsAddressesItSendsFrom() throws Exception {
        assertThat(group("127.0.0.1")).isEqualTo(group("127.9.8.7")).isEqualTo(group("::1"));
        assertThat(group("2001:db8:1:2:3:4:5:6"))
                .isEqualTo(group("2001:db8:1:2:ffff::1"))
                .isEqualTo("20010db800010002/64");
        assertThat(group("2001:db8:1:3::1")).isNotEqualTo(group("2001:db8:1:2::1"));
        assertThat(group("10.0.0.1")).isEqualTo("10.0.0.1").isNotEqualTo(group("10.0.0.2"));
    }

    @Test
    void oneSenderDoesNotUseUpWhatBelongsToAnother() {
        RateLimits limits = new RateLimits(5, nanos::get);
        for (int i = 0; i < 5; i++) {
            assertThat(limits.tryTake("a")).isTrue();
        }

        assertThat(limits.tryTake("a")).isFalse();
        assertThat(limits.tryTake("b")).isTrue();
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(limits.tryTake("a")).isTrue();
    }

    @Test
    void howeverManySendersThereAreTheMemoryIsBounded() {
        BoundedKeys<StringBuilder> keys = new BoundedKeys<>(StringBuilder::new);
        keys.get("first").append("kept");
        for (int i = 0; i < 10_000; i++) {
            keys.get("x".repeat(50) + i);
            keys.get("first");
        }

        assertThat(keys.size()).isEqualTo(BoundedKeys.MOST);
        assertThat(keys.get("first")).as("used often").hasToString("kept");
        keys.get("y".repeat(1_000_000)).append("one key");
        assertThat(keys.get("y".repeat(2_000_000))).as("a key is bounded, too").hasToString("one key");
    }

    @Test
    void tenQuietMinutesClearTheRecord() {
        BackOff backOff = new BackOff(nanos::get);
        for (int i = 0; i < 20; i++) {
            backOff.failed("a");
        }
        assertThat(backOff.holds("a")).isTrue();
        assertThat(backOff.holds("b")).isFalse();

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(backOff.holds("a")).as("never longer than a minute").isFalse();
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(9));
        backOff.failed("a");
        assertThat(backOff.holds("a")).as("as if it were the first").isFalse();
    }
}
