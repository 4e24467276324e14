package io.github.csvbackup.security;

/** The result of checking the credentials of a request, and the identity that they prove; anonymous unless they are GOOD. */
public record Authentication(Proof proof, Identity identity) {
    public static final Authentication ABSENT = new Authentication(Proof.ABSENT, Identity.ANONYMOUS);
    public static final Authentication WRONG = new Authentication(Proof.WRONG, Identity.ANONYMOUS);
    static final Authentication BUSY = new Authentication(Proof.BUSY, Identity.ANONYMOUS);

    /** What the credentials prove. */
    public enum Proof {
        ABSENT,
        WRONG,
        /** The password was not checked, because too many were wrong or other checks are running. A later attempt may succeed. */
        BUSY,
        GOOD
    }

    /** Credentials that prove an identity. */
    static Authentication of(Identity identity) {
        return new Authentication(Proof.GOOD, identity);
    }
}
