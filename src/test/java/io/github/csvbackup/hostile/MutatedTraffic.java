package io.github.csvbackup.hostile;

import io.github.csvbackup.hostile.MutatedRequests.MutatedRequest;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends mutated requests one after the other: framed ones on a connection that stays open as long as the server allows, each of the others on
 * a new connection whose sending side is then closed. Not thread-safe.
 */
public final class MutatedTraffic implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final Pattern ANY_STATUS = Pattern.compile("(?m)^HTTP/1\\.[01] ([0-9]{3})");
    /** The status in a Jolokia answer with HTTP status 200. */
    private static final Pattern INNER_FAILURE = Pattern.compile("\"status\":5[0-9]{2}");

    private final MutatedRequests requests;
    private final InetSocketAddress server;
    private final Map<String, Integer> answers = new TreeMap<>();
    private final Map<Integer, String> failures = new TreeMap<>();
    private Socket kept = new Socket();
    private InputStream in = InputStream.nullInputStream();

    public MutatedTraffic(MutatedRequests requests, InetSocketAddress server) {
        this.requests = requests;
        this.server = server;
    }

    /** The number of answers by status; {@code closed} if the server closed the connection without an answer. */
    public Map<String, Integer> answers() {
        return answers;
    }

    /** Failures of the server, by number of the request. */
    public Map<Integer, String> failures() {
        return failures;
    }

    /** Sends one request and reads the answer. */
    public void send(int number) {
        MutatedRequest request = requests.get(number);
        try {
            if (request.framed()) {
                sendKept(number, request);
            } else {
                sendApart(number, request);
            }
        } catch (SocketTimeoutException e) {
            failures.put(number, "neither an answer nor an end after " + PATIENCE_MILLIS + " ms");
            close();
        } catch (IOException e) {
            // The server may reset the connection of a client that sends nonsense.
            count("closed");
            close();
        }
    }

    private void sendKept(int number, MutatedRequest request) throws IOException {
        boolean fresh = kept.isClosed() || !kept.isConnected();
        if (fresh) {
            reconnect();
        }
        HttpAnswer answer;
        try {
            answer = exchange(request);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            if (fresh) {
                throw e;
            }
            // A server may close an open connection at any time between two requests.
            reconnect();
            answer = exchange(request);
        }
        judge(number, answer.status(), answer.text());
        if (!answer.keepsConnection()) {
            close();
        }
    }

    private HttpAnswer exchange(MutatedRequest request) throws IOException {
        kept.getOutputStream().write(request.bytes());
        return HttpAnswer.read(in, request.bodiless());
    }

    private void sendApart(int number, MutatedRequest request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.bytes());
            socket.shutdownOutput();
            String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher status = ANY_STATUS.matcher(all);
            if (!status.find()) {
                throw new EOFException("closed without an answer");
            }
            do {
                judge(number, Integer.parseInt(status.group(1)), all);
            } while (status.find());
        }
    }

    private void judge(int number, int status, String text) {
        count(Integer.toString(status));
        if (status >= 500) {
            failures.put(number, status + ": " + text);
        } else if (INNER_FAILURE.matcher(text).find()) {
            failures.put(number, "in the body: " + text);
        }
    }

    private void count(String answer) {
        answers.merge(answer, 1, Integer::sum);
    }

    private void reconnect() throws IOException {
        close();
        kept = connect();
        in = new BufferedInputStream(kept.getInputStream());
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            // A reset leaves no port in TIME_WAIT.
            socket.setSoLinger(true, 0);
            socket.connect(server, PATIENCE_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public void close() {
        try {
            kept.close();
        } catch (IOException e) {
            throw new IllegalStateException("a socket cannot be closed", e);
        }
    }
}
