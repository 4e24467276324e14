package io.github.csvbackup.http.jolokia;

/** The request has no credentials, and the operation requires them. Nothing was executed. */
final class CredentialsNeededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Only this machine is asked for the token: other machines send a password, or do not get this far. */
    CredentialsNeededException(String operation) {
        super(operation + " needs the operator's token. Send it as Authorization: Bearer TOKEN; it is in the file"
                + " operator.token in the agent's state directory. Users of the users file log in at the address in"
                + " remote-host, with HTTPS.");
    }
}
