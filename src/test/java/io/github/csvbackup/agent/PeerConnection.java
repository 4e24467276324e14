package io.github.csvbackup.agent;

import io.github.csvbackup.json.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A connection of a node to the agent on NODE1, from an address of its own, that stays open for many questions. */
final class PeerConnection implements AutoCloseable {
    private final SSLSocket socket;
    private final InputStream in;

    /** @param from the last two parts of the node's address on this machine */
    PeerConnection(SSLContext tls, int port, int from) throws IOException {
        Socket plain = new Socket();
        plain.bind(new InetSocketAddress(
                InetAddress.getByAddress(new byte[] {127, 0, (byte) (1 + from / 250), (byte) (1 + from % 250)}), 0));
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        plain.setTcpNoDelay(true);
        socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, "NODE1.example.com", port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** The answer to a request over Jolokia. */
    Map<?, ?> post(String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream()
                .write(("POST /jolokia/ HTTP/1.1\r\nHost: NODE1.example.com\r\nContent-Type: application/json\r\n"
                                + "Content-Length: " + body.length + "\r\n\r\n" + json)
                        .getBytes(StandardCharsets.UTF_8));
        String status = line();
        int length = -1;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).strip());
            }
        }
        String answer = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException(status + ": " + answer);
        }
        return (Map<?, ?>) Json.read(answer);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The agent closed the connection");
            }
            line.write(c);
        }
        return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
