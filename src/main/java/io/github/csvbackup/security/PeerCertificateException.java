package io.github.csvbackup.security;

import java.security.cert.CertificateException;

/** A certificate that the agents of two nodes cannot use with each other. The message says what is wrong with it, as a clause without a subject. */
public final class PeerCertificateException extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final boolean own;
    private final String remedy;

    private PeerCertificateException(boolean own, String message, String remedy) {
        super(message);
        this.own = own;
        this.remedy = remedy;
    }

    static PeerCertificateException ofPeer(String message, String remedy) {
        return new PeerCertificateException(false, message, remedy);
    }

    static PeerCertificateException ofThisNode(String message, String remedy) {
        return new PeerCertificateException(true, message, remedy);
    }

    /** True if it is the certificate of this node. */
    public boolean isOwn() {
        return own;
    }

    /** What to do: a sentence. */
    public String remedy() {
        return remedy;
    }
}
