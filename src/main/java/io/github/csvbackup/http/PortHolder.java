package io.github.csvbackup.http;

import io.github.csvbackup.http.server.NonBlockingServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who holds a port that the agent cannot bind: another agent is the most frequent reason, and needs another remedy. */
final class PortHolder {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int LONGEST_ANSWER = 16_384;
    private static final String QUESTION = String.join(
            "\r\n",
            "GET /jolokia/read/io.github.csvbackup:type=CsvBackupState/Version HTTP/1.1",
            "Host: 127.0.0.1",
            "Connection: close",
            "",
            "");
    private static final Pattern VERSION = Pattern.compile("\"value\":\"([0-9A-Za-z.+-]{1,40})\"");
    private static final String WITHOUT_CREDENTIALS = "realm=\"csv-backup-agent\"";

    private PortHolder() {}

    /** What an agent's holder is called, before its version. */
    static final String AGENT = "another csv-backup-agent";

    /** {@code another csv-backup-agent (version 1.2.3)} or {@code another program}. Asks the port, for at most two seconds. */
    static String at(InetSocketAddress address) {
        boolean wildcard = address.getAddress().isAnyLocalAddress();
        InetSocketAddress here =
                wildcard ? new InetSocketAddress(InetAddress.getLoopbackAddress(), address.getPort()) : address;
        try {
            return holder(answer(here));
        } catch (IOException e) {
            return "another program";
        }
    }

    private static String holder(String answer) {
        Matcher version = VERSION.matcher(answer);
        if (version.find()) {
            return AGENT + " (version " + version.group(1) + ")";
        }
        return answer.contains(WITHOUT_CREDENTIALS) || answer.contains(NonBlockingServer.USES_TLS)
                ? AGENT
                : "another program";
    }

    /** What has arrived when the program closes the connection, has sent enough, or the time is over. */
    private static String answer(InetSocketAddress address) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        StringBuilder answer = new StringBuilder();
        try (Socket socket = new Socket(Proxy.NO_PROXY)) {
            socket.connect(address, (int) PATIENCE.toMillis());
            socket.getOutputStream().write(QUESTION.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] part = new byte[LONGEST_ANSWER];
            while (answer.length() < LONGEST_ANSWER) {
                long left = Duration.ofNanos(end - System.nanoTime()).toMillis();
                if (left <= 0) {
                    break;
                }
                socket.setSoTimeout((int) left);
                int read = in.read(part);
                if (read < 0) {
                    break;
                }
                answer.append(new String(part, 0, read, StandardCharsets.ISO_8859_1));
            }
        } catch (java.net.SocketTimeoutException e) {
            return answer.toString();
        }
        return answer.toString();
    }
}
