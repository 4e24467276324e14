package io.github.csvbackup.agent.options;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The door for other machines.
 *
 * @param host the address to listen on, as the user wrote it
 * @param port 0 for any free port
 * @param users the users file; null: there are no users, only other nodes with their certificates
 * @param tlsKeystore a PKCS #12 or PEM file with certificate and key
 * @param tlsPasswordFile contains the password of that file; null: it has no password
 * @param tlsTrust certificates of the authorities of clients, in PEM; null: clients are not asked for a certificate
 * @param peers the agents of other nodes that are asked for evidence; null: none
 */
public record RemoteAccess(
        String host,
        int port,
        @Nullable Path users,
        Path tlsKeystore,
        @Nullable Path tlsPasswordFile,
        @Nullable Path tlsTrust,
        @Nullable PeerOptions peers) {}
