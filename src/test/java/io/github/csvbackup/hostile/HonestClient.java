package io.github.csvbackup.hostile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** A well-behaved client that uses a new connection for each request. Thread-safe. */
public final class HonestClient {
    /** As long as a user would wait. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private final InetSocketAddress address;
    private final String host;
    private final String authorization;
    private final @Nullable SSLSocketFactory tls;
    private final int patienceMillis;

    /**
     * Creates a client for a server.
     *
     * @param address where to connect: the server or a proxy
     * @param host value of the Host header
     * @param authorization value of the Authorization header; empty for none
     * @param tls null for plain HTTP
     * @param patience time-out for the connection and for each read
     */
    public HonestClient(
            InetSocketAddress address,
            String host,
            String authorization,
            @Nullable SSLSocketFactory tls,
            Duration patience) {
        this.address = address;
        this.host = host;
        this.authorization = authorization;
        this.tls = tls;
        this.patienceMillis = (int) patience.toMillis();
    }

    /** Gets a path. */
    public HttpAnswer get(String path) throws IOException {
        try (Socket socket = connect()) {
            send(socket, head("GET", path));
            return HttpAnswer.read(new BufferedInputStream(socket.getInputStream()), false);
        }
    }

    /** Sends a body after the server's 100 Continue, as .NET Framework and curl do. */
    public HttpAnswer post(String path, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        try (Socket socket = connect()) {
            send(
                    socket,
                    head("POST", path) + "Content-Type: application/json\r\nContent-Length: " + body.length
                            + "\r\nExpect: 100-continue\r\n");
            InputStream in = new BufferedInputStream(socket.getInputStream());
            HttpAnswer first = HttpAnswer.readOne(in, false);
            if (first.status() != 100) {
                return first;
            }
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            return HttpAnswer.read(in, false);
        }
    }

    private String head(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n"
                + (authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n");
    }

    private static void send(Socket socket, String head) throws IOException {
        socket.getOutputStream().write((head + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(patienceMillis);
            socket.connect(address, patienceMillis);
            if (tls == null) {
                return socket;
            }
            SSLSocket secured = (SSLSocket) tls.createSocket(socket, "localhost", address.getPort(), true);
            secured.startHandshake();
            return secured;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
