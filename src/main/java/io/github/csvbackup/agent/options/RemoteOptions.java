package io.github.csvbackup.agent.options;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks the options of the door for other machines, which belong together. */
final class RemoteOptions {
    private static final List<Option> NEED_THE_DOOR = List.of(
            Option.REMOTE_PORT,
            Option.USERS,
            Option.TLS_KEYSTORE,
            Option.TLS_PASSWORD_FILE,
            Option.TLS_TRUST,
            Option.PEERS);

    private RemoteOptions() {}

    /** Null if the door is off. */
    static @Nullable RemoteAccess of(Map<Option, GivenValue> all) throws UsageException {
        GivenValue host = OptionsParser.value(all, Option.REMOTE_HOST);
        if (host.isOff()) {
            if (host.isDefault()) {
                refuseOptionsWithoutADoor(all);
            }
            return null;
        }
        int port = OptionsParser.value(all, Option.REMOTE_PORT).number(0, 65535);
        GivenValue users = OptionsParser.value(all, Option.USERS);
        GivenValue keystore = OptionsParser.value(all, Option.TLS_KEYSTORE);
        if (keystore.text().isEmpty()) {
            throw new UsageException(host + " needs a certificate: use tls-keystore=FILE.");
        }
        GivenValue trust = OptionsParser.value(all, Option.TLS_TRUST);
        if (users.text().isEmpty() && trust.text().isEmpty()) {
            throw new UsageException(host
                    + " needs users, or the certificates of the other nodes: use users=FILE (the command user creates"
                    + " the lines of the file) or tls-trust=FILE.");
        }
        Path trustFile = OptionsParser.optionalPath(trust);
        return new RemoteAccess(
                host.host(),
                port,
                OptionsParser.optionalPath(users),
                keystore.path(),
                OptionsParser.optionalPath(OptionsParser.value(all, Option.TLS_PASSWORD_FILE)),
                trustFile,
                peers(OptionsParser.value(all, Option.PEERS), trustFile));
    }

    /** Null if no agents are asked. */
    private static @Nullable PeerOptions peers(GivenValue value, @Nullable Path trust) throws UsageException {
        PeerOptions peers = PeersText.parse(value);
        if (trust != null) {
            return peers;
        }
        if (!value.text().isEmpty() && peers != null) {
            throw new UsageException(
                    value + " needs the certificates of the authorities of other nodes: use tls-trust=FILE.");
        }
        return null;
    }

    /** They would have no effect, and the user expects one. With remote-host=off the user expects none. */
    private static void refuseOptionsWithoutADoor(Map<Option, GivenValue> all) throws UsageException {
        for (Option option : NEED_THE_DOOR) {
            GivenValue value = OptionsParser.value(all, option);
            boolean wantsNothing = value.text().isEmpty() || (option == Option.PEERS && value.isOff());
            if (!value.isDefault() && !wantsNothing) {
                throw new UsageException(value + " is for other machines, but the agent does not listen for them. Use"
                        + " remote-host=ADDRESS too, such as 0.0.0.0, or remote-host=off to keep it for later.");
            }
        }
    }
}
