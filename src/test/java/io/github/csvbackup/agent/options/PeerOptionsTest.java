package io.github.csvbackup.agent.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The option peers. */
class PeerOptionsTest {
    private static Options parse(Map<Option, String> more) throws UsageException {
        Map<Option, String> all = new EnumMap<>(Map.of(Option.BACKEND, "simulated"));
        all.putAll(more);
        return new OptionsParser(Map.of(), "Linux", Path.of("/home/ann")).parse(all, "options file");
    }

    private static @Nullable PeerOptions peers(String text) throws UsageException {
        Map<Option, String> given = new EnumMap<>(Map.of(
                Option.REMOTE_HOST, "0.0.0.0",
                Option.USERS, "/u",
                Option.TLS_KEYSTORE, "/k",
                Option.TLS_TRUST, "/t"));
        given.put(Option.PEERS, text);
        RemoteAccess access = parse(given).remoteAccess();
        assertThat(access).isNotNull();
        return access.peers();
    }

    @Test
    void withTlsTrustAllAgentsAreAskedAtTheirUsualAddresses() throws Exception {
        assertThat(peers("")).isEqualTo(PeerOptions.USUAL);
        assertThat(peers("off")).isNull();
    }

    @Test
    void addressesOfSomeNodes() throws Exception {
        assertThat(peers("NODE2=https://node2.example.com:9000/, node_3 = HTTPS://node_3.example.com ,NODE4=off,"
                        + "NODE5=https://[fe80::1]:1/,NODE6=https://192.0.2.1"))
                .isEqualTo(new PeerOptions(
                        Map.of(
                                "NODE2", new PeerOptions.Place("node2.example.com", 9000),
                                "node_3", new PeerOptions.Place("node_3.example.com", 8779),
                                "NODE5", new PeerOptions.Place("fe80::1", 1),
                                "NODE6", new PeerOptions.Place("192.0.2.1", 8779)),
                        Set.of("NODE4")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on",
                "NODE2",
                "NODE2=",
                "=https://node2/",
                "NODE2=node2.example.com",
                "NODE2=http://node2/",
                "NODE2=https://",
                "NODE2=https:///",
                "NODE2=https://node2/path",
                "NODE2=https://node2/?x",
                "NODE2=https://ann:x@node2/",
                "NODE2=https://node2:/",
                "NODE2=https://node2:0/",
                "NODE2=https://node2:65536/",
                "NODE2=https://node2:1:2/",
                "NODE2=https://node2:+1/",
                "NODE2=https://[node2]/",
                "NODE2=https://[fe80::1/",
                "NODE2=https://[fe80::1]x/",
                "NODE2=https://fe80::1/",
                "NODE2=https://n\u00f6de2/",
                "NODE2=https://node2/,",
                "NODE2=off,,NODE3=off",
                "off,NODE2=off",
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> peers(text))
                .isInstanceOf(UsageException.class)
                .hasMessage(
                        "peers=" + text + " (options file) is not valid; expected off, or NODE=https://HOST:PORT/ or"
                                + " NODE=off for some nodes, separated by commas.");
    }

    @Test
    void aNodeIsNamedOnce() {
        assertThatThrownBy(() -> peers("NODE2=off,node2=https://node2/"))
                .hasMessage("peers=NODE2=off,node2=https://node2/ (options file) names node2 twice; keep one of them.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NODE2=off | 0.0.0.0 | peers=NODE2=off (options file) needs the certificates of the authorities of other"
                        + " nodes: use tls-trust=FILE.",
                "NODE2=off | '' | peers=NODE2=off (options file) is for other machines, but the agent does not listen for"
                        + " them. Use remote-host=ADDRESS too, such as 0.0.0.0, or remote-host=off to keep it for later.",
            })
    void withoutWhatItNeedsItHasNoEffect(String text, String host, String message) {
        Map<Option, String> given = new EnumMap<>(Map.of(Option.PEERS, text));
        if (!host.isEmpty()) {
            given.putAll(Map.of(Option.REMOTE_HOST, host, Option.USERS, "/u", Option.TLS_KEYSTORE, "/k"));
        }
        assertThatThrownBy(() -> parse(given))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @Test
    void offIsValidEverywhere() throws Exception {
        assertThat(parse(Map.of(Option.PEERS, "off")).remoteAccess()).isNull();
        RemoteAccess access = parse(Map.of(
                        Option.PEERS, "off",
                        Option.REMOTE_HOST, "0.0.0.0",
                        Option.USERS, "/u",
                        Option.TLS_KEYSTORE, "/k"))
                .remoteAccess();
        assertThat(access).isNotNull();
        assertThat(access.peers()).isNull();
    }
}
