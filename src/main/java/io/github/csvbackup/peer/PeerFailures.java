package io.github.csvbackup.peer;

import io.github.csvbackup.security.PeerCertificateException;
import io.github.csvbackup.text.OutsideText;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.List;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says in words why the agent of another node could not be asked. */
final class PeerFailures {
    private static final int LONGEST_QUOTE = 200;

    /** What TLS servers answer if they do not accept the certificate of a client. */
    private static final List<String> REJECTIONS = List.of(
            "bad_certificate",
            "unsupported_certificate",
            "certificate_revoked",
            "certificate_expired",
            "certificate_unknown",
            "certificate_required",
            "unknown_ca",
            "access_denied");

    private PeerFailures() {}

    /** The failure of a connection, or of an exchange over it. */
    static PeerException of(IOException failure, PeerAddress address, Deadline deadline) {
        PeerCertificateException certificate = certificate(failure);
        if (certificate != null) {
            return ofCertificate(certificate, address);
        }
        if (failure instanceof UnknownHostException) {
            return new PeerException(
                    PeerOutcome.UNREACHABLE,
                    address + " cannot be asked: the name " + address.host() + " has no address",
                    "Add the name to DNS, or name another address with the option peers.");
        }
        if (failure instanceof PeerConnection.ConnectException refused) {
            return ofConnect(refused, address, deadline);
        }
        if (failure instanceof SocketTimeoutException) {
            return new PeerException(
                    PeerOutcome.TIMEOUT,
                    address + " took the connection and did not answer within " + seconds(deadline),
                    "Check the agent on " + address.node() + ": its log and its self test. Restart it if it hangs.");
        }
        if (failure instanceof HttpAnswer.MalformedException) {
            return new PeerException(
                    PeerOutcome.MALFORMED,
                    address + " " + quoted(failure.getMessage()),
                    "Check which program listens there.");
        }
        if (failure instanceof SSLException) {
            return ofTls(failure, address);
        }
        return new PeerException(
                PeerOutcome.LOST,
                address + " closed the connection "
                        + (failure instanceof EOFException ? "within its answer" : "without an answer") + " ("
                        + quoted(failure.getMessage()) + ")",
                "Check the log of the agent on " + address.node()
                        + ". If it rejects the certificate of this node, its tls-trust lacks the authority.");
    }

    private static PeerException ofConnect(
            PeerConnection.ConnectException failure, PeerAddress address, Deadline deadline) {
        return failure.isTimeout()
                ? new PeerException(
                        PeerOutcome.TIMEOUT,
                        address + " took no connection within " + seconds(deadline),
                        "Check that " + address.node() + " runs, and that firewalls let TCP port " + address.port()
                                + " through.")
                : new PeerException(
                        PeerOutcome.UNREACHABLE,
                        address + " took no connection: "
                                + quoted(String.valueOf(
                                        failure.getCause() == null
                                                ? ""
                                                : failure.getCause().getMessage())),
                        "Check that the agent on " + address.node()
                                + " runs with remote-host and this port, and that its firewall lets TCP port "
                                + address.port() + " through.");
    }

    private static PeerException ofTls(IOException failure, PeerAddress address) {
        String text = String.valueOf(failure.getMessage());
        if (REJECTIONS.stream().anyMatch(text::contains)) {
            return new PeerException(
                    PeerOutcome.TLS,
                    address + " rejects the certificate of this node (" + quoted(text) + ")",
                    "Check that tls-trust on " + address.node()
                            + " contains the authority of this node's certificate, and compare the clocks of both nodes.");
        }
        return new PeerException(
                PeerOutcome.TLS,
                "the TLS handshake with " + address + " failed (" + quoted(text) + ")",
                "Check which program listens there: an agent with remote-host speaks TLS 1.2 and 1.3.");
    }

    /** This agent ends. */
    static PeerException stopping(PeerAddress address) {
        return new PeerException(
                PeerOutcome.NOT_READY, address + " was not asked, because this agent stops", "Ask again when it runs.");
    }

    /** One of the two certificates cannot be used. */
    static PeerException ofCertificate(PeerCertificateException failure, PeerAddress address) {
        return new PeerException(
                PeerOutcome.TLS,
                "the certificate of " + (failure.isOwn() ? "this node" : address) + " " + quoted(failure.getMessage()),
                failure.remedy());
    }

    private static @Nullable PeerCertificateException certificate(Throwable failure) {
        Throwable at = failure;
        // A cycle of causes is possible.
        for (int depth = 0; at != null && depth < 10; depth++) {
            if (at instanceof PeerCertificateException found) {
                return found;
            }
            at = at.getCause();
        }
        return null;
    }

    /** A status that is not 200. */
    static PeerException ofStatus(HttpAnswer answer, PeerAddress address) {
        int status = answer.status();
        String text = answer.body().isBlank() ? "" : ": " + quoted(answer.body());
        if (status >= 300 && status < 400) {
            return new PeerException(
                    PeerOutcome.REDIRECTED,
                    address + " answered with a redirect"
                            + (answer.location().isEmpty() ? "" : " to " + quoted(answer.location()))
                            + ", which is never followed",
                    "Name the address of the agent itself with the option peers.");
        }
        return switch (status) {
            case 401, 403 ->
                new PeerException(
                        PeerOutcome.FORBIDDEN,
                        address + " does not accept this node as a peer (status " + status + text + ")",
                        forbiddenRemedy(address));
            case 404, 405 ->
                new PeerException(
                        PeerOutcome.UNSUPPORTED,
                        address + " cannot be asked for evidence (status " + status + text + ")",
                        "Check which program listens there, and give all nodes the same version of the agent.");
            case 429 ->
                new PeerException(
                        PeerOutcome.FAILED,
                        address + " was asked too often (status 429" + text + ")",
                        "Try again in a second.");
            default ->
                new PeerException(
                        PeerOutcome.FAILED,
                        address + " failed (status " + status + text + ")",
                        "Check the log of the agent on " + address.node() + ".");
        };
    }

    static String forbiddenRemedy(PeerAddress address) {
        return "Check on " + address.node()
                + " that the agent has tls-trust and the same version as this one, that its last poll succeeded (/healthz), and"
                + " that the cluster lists this node. The certificates of both nodes need their full DNS names in the same domain.";
    }

    /** A text from outside, for a message. */
    static String quoted(@Nullable String text) {
        String line = OutsideText.printable(String.valueOf(text).strip());
        return OutsideText.bounded(line.endsWith(".") ? line.substring(0, line.length() - 1) : line, LONGEST_QUOTE);
    }

    private static String seconds(Deadline deadline) {
        long millis = deadline.whole().toMillis();
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
