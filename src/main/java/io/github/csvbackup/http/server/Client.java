package io.github.csvbackup.http.server;

import java.net.InetAddress;

/** What a connection says about the sender of its requests. */
public record Client(InetAddress address) {}
