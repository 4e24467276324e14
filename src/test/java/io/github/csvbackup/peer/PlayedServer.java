package io.github.csvbackup.peer;

import io.github.csvbackup.security.FileStatus;
import io.github.csvbackup.security.Tls;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server that answers as a test says, and remembers what it was asked. */
public final class PlayedServer implements AutoCloseable {
    /** What the server does with a connection, whose handshake is over, for each request. */
    @FunctionalInterface
    public interface Part {
        /** Returns false if the server closes the connection. */
        boolean play(Socket socket, String body, OutputStream out) throws Exception;
    }

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch end = new CountDownLatch(1);
    private volatile Part part = (socket, body, out) -> false;
    public final List<String> heads = new CopyOnWriteArrayList<>();
    public final List<String> bodies = new CopyOnWriteArrayList<>();
    /** One for each connection. */
    public final List<X509Certificate> clients = new CopyOnWriteArrayList<>();

    private PlayedServer(ServerSocket listener) {
        this.listener = listener;
        Thread accepting = new Thread(this::accept, "played-server");
        accepting.setDaemon(true);
        accepting.start();
    }

    /**
     * Listens on a free port of loopback.
     *
     * @param certificate key and certificate in PEM
     * @param trust the authorities of clients
     */
    public static PlayedServer of(Path certificate, Path trust) throws Exception {
        FileStatus status = new FileStatus(Clock.systemUTC());
        SSLContext context =
                Tls.of(certificate, null, status, new Tls.Trust(trust, status)).context();
        SSLServerSocket listener = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setNeedClientAuth(true);
        return new PlayedServer(listener);
    }

    /** The same without TLS. */
    public static PlayedServer plain() throws IOException {
        return new PlayedServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    }

    public PlayedServer plays(Part next) {
        part = next;
        return this;
    }

    /** Sends this text and closes the connection. */
    public PlayedServer says(String text) {
        return plays((socket, body, out) -> {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            return false;
        });
    }

    /** Answers with this body. */
    public PlayedServer answers(int status, UnaryOperator<String> answer) {
        return plays((socket, body, out) -> {
            byte[] text = answer.apply(body).getBytes(StandardCharsets.UTF_8);
            out.write(("HTTP/1.1 " + status + " Status\r\nContent-Length: " + text.length + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.write(text);
            out.flush();
            return true;
        });
    }

    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                Thread serving = new Thread(() -> serve(socket), "played-server-connection");
                serving.setDaemon(true);
                serving.start();
            } catch (IOException e) {
                // The test ends.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            if (socket instanceof SSLSocket tls) {
                tls.startHandshake();
                clients.add((X509Certificate) tls.getSession().getPeerCertificates()[0]);
            } else {
                // A client that speaks TLS sends no line that could be waited for.
                boolean unused = part.play(socket, "", socket.getOutputStream());
                end.await();
            }
            InputStream in = new BufferedInputStream(socket.getInputStream());
            boolean next = true;
            while (next) {
                String head = head(in);
                int length = Integer.parseInt(head.replaceAll("(?s).*Content-Length: ([0-9]+).*", "$1"));
                String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
                heads.add(head);
                bodies.add(body);
                next = part.play(socket, body, socket.getOutputStream());
            }
        } catch (Exception e) {
            // The client has left, or the test has ended.
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the client has left");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Closes the connections that are open now. */
    void closeConnections() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        end.countDown();
        closeConnections();
    }
}
