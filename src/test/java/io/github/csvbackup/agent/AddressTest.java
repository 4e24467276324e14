package io.github.csvbackup.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.cluster.Backend;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource({"127.0.0.1,http://127.0.0.1:8778/", "::1,http://[0:0:0:0:0:0:0:1]:8778/"})
    void anAddressIsShownAsOneCanOpenIt(String host, String url) throws Exception {
        assertThat(Address.url(Address.of(options(host)))).hasToString(url);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "10.1.2.3", "::"})
    void anAddressForOtherMachinesIsRefused(String host) {
        assertThatThrownBy(() -> Address.of(options(host)))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "host=" + host + " is not a loopback address; listening for other machines needs TLS and users,"
                                + " which this version does not have. Use 127.0.0.1 or ::1.");
    }

    @Test
    void anUnknownHostIsSaid() {
        assertThatThrownBy(() -> Address.of(options("no-such-host.invalid")))
                .isInstanceOf(UsageException.class)
                .hasMessage("host=no-such-host.invalid is no address of this machine; use 127.0.0.1 or ::1.");
    }

    @ParameterizedTest
    @CsvSource({
        "Address already in use: bind,Windows Server 2022,is in use by another program.",
        "Address already in use,Linux,is in use by another program.",
        "Permission denied: bind,Windows Server 2022,lies in a range that Windows excludes",
        "Permission denied,Linux,is reserved for the administrator.",
        "Cannot assign requested address,Linux,this machine does not have that address."
    })
    void aPortThatCannotBeHadIsExplained(String failure, String operatingSystem, String explanation) throws Exception {
        assertThat(Address.bindFailure(address(), new BindException(failure), operatingSystem))
                .hasMessageStartingWith("The port 8778 of 127.0.0.1 ")
                .hasMessageContaining(explanation);
    }

    @Test
    void anyOtherFailureIsPassedOn() throws Exception {
        assertThat(Address.bindFailure(address(), new IOException("broken"), "Linux"))
                .hasMessage("The port 8778 of 127.0.0.1 cannot be listened on: java.io.IOException: broken."
                        + " Choose another with the option port; 0 takes any free one.");
    }

    private static InetSocketAddress address() throws Exception {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 8778);
    }

    private static Options options(String host) {
        Duration any = Duration.ofSeconds(1);
        return new Options(Backend.SIMULATED, host, 8778, Path.of("state"), any, any, any, false, 1, 1);
    }
}
