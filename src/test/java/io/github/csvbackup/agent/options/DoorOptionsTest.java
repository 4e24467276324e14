package io.github.csvbackup.agent.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of the two addresses: one for this machine, one for other machines. */
class DoorOptionsTest {
    private static Options parse(String arguments) throws UsageException {
        return new OptionsParser(Map.of(), "Linux", Path.of("/home/ann"))
                .parse(OptionsParser.splitAgentArguments("backend=simulated," + arguments), "agent arguments");
    }

    @Test
    void theAgentListensForOtherMachinesOnPort8779() throws Exception {
        Options options = parse("remote-host=0.0.0.0,users=/u,tls-keystore=/k,tls-password-file=/p");

        assertThat(options.remoteAccess())
                .isEqualTo(new RemoteAccess("0.0.0.0", 8779, Path.of("/u"), Path.of("/k"), Path.of("/p"), null, null));
        assertThat(options.host()).isEqualTo("127.0.0.1");
        assertThat(options.port()).isEqualTo(8778);
        assertThat(parse("remote-host=::,remote-port=1,users=/u,tls-keystore=/k")
                        .remoteAccess())
                .isEqualTo(new RemoteAccess("::", 1, Path.of("/u"), Path.of("/k"), null, null, null));
    }

    @Test
    void theAddressForThisMachineCanBeOff() throws Exception {
        Options options = parse("host=off,remote-host=0.0.0.0,users=/u,tls-keystore=/k");

        assertThat(options.host()).isNull();
        assertThat(options.remoteAccess()).isNotNull();
    }

    @Test
    void withCertificatesOfClientsUsersAreNotNeeded() throws Exception {
        assertThat(parse("remote-host=0.0.0.0,tls-keystore=/k,tls-trust=/t").remoteAccess())
                .isEqualTo(
                        new RemoteAccess("0.0.0.0", 8779, null, Path.of("/k"), null, Path.of("/t"), PeerOptions.USUAL));
        assertThat(parse("remote-host=0.0.0.0,users=/u,tls-keystore=/k,tls-trust=/t")
                        .remoteAccess())
                .isEqualTo(new RemoteAccess(
                        "0.0.0.0", 8779, Path.of("/u"), Path.of("/k"), null, Path.of("/t"), PeerOptions.USUAL));
    }

    /** For a short time, with the other options still there. */
    @Test
    void theAddressForOtherMachinesCanBeOffExplicitly() throws Exception {
        assertThat(parse("remote-host=off,remote-port=1,users=/u,tls-keystore=/k")
                        .remoteAccess())
                .isNull();
    }

    @Test
    void anEmptyOptionIsNotGiven() throws Exception {
        assertThat(parse("users=").remoteAccess()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "remote-host=0.0.0.0,users=/u | remote-host=0.0.0.0 (agent arguments) needs a certificate: use"
                        + " tls-keystore=FILE.",
                "remote-host=0.0.0.0,tls-keystore=/k | remote-host=0.0.0.0 (agent arguments) needs users, or the certificates"
                        + " of the other nodes: use users=FILE (the command user creates the lines of the file) or"
                        + " tls-trust=FILE.",
                "tls-trust=/t | tls-trust=/t (agent arguments) is for other machines, but the agent does not listen for"
                        + " them. Use remote-host=ADDRESS too, such as 0.0.0.0, or remote-host=off to keep it for later.",
                "host=off | host=off (agent arguments) closes the only door: no client could ask this agent over HTTP. Use"
                        + " remote-host too, or leave out host=off.",
                "host=off,remote-host=off | host=off (agent arguments) closes the only door: no client could ask this agent over"
                        + " HTTP. Use remote-host too, or leave out host=off.",
                "remote-port=8779 | remote-port=8779 (agent arguments) is for other machines, but the agent does not listen for"
                        + " them. Use remote-host=ADDRESS too, such as 0.0.0.0, or remote-host=off to keep it for later.",
                "users=/u | users=/u (agent arguments) is for other machines, but the agent does not listen for them. Use"
                        + " remote-host=ADDRESS too, such as 0.0.0.0, or remote-host=off to keep it for later.",
                "tls-keystore=/k | tls-keystore=/k (agent arguments) is for other machines, but the agent does not listen for"
                        + " them. Use remote-host=ADDRESS too, such as 0.0.0.0, or remote-host=off to keep it for later.",
                "tls-password-file=/p | tls-password-file=/p (agent arguments) is for other machines, but the agent does not"
                        + " listen for them. Use remote-host=ADDRESS too, such as 0.0.0.0, or remote-host=off to keep it for later.",
                "remote-host=0.0.0.0,remote-port=65536 | remote-port=65536 (agent arguments) is not valid; expected a whole"
                        + " number from 0 to 65535.",
                "remote-host=0.0.0.0,remote-port=-1 | remote-port=-1 (agent arguments) is not valid; expected a whole number"
                        + " from 0 to 65535.",
                "remote-host=https://x/,users=/u,tls-keystore=/k | remote-host=https://x/ (agent arguments) is not valid;"
                        + " expected an address or a host name without scheme, port or brackets, such as 127.0.0.1 or ::1.",
                "remote-host=,users=/u,tls-keystore=/k | remote-host= (agent arguments) is not valid; expected an address or a"
                        + " host name without scheme, port or brackets, such as 127.0.0.1 or ::1."
            })
    void optionsThatDoNotFitTogetherAreOneSentence(String arguments, String message) {
        assertThatThrownBy(() -> parse(arguments.strip()))
                .isInstanceOf(UsageException.class)
                .hasMessage(message.strip());
    }
}
