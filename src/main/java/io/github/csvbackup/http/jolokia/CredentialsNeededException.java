package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.security.Role;

/** The request has no credentials, and the operation requires them. Nothing was executed. */
final class CredentialsNeededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CredentialsNeededException(String operation, Role needed) {
        super(operation
                + (needed == Role.OPERATOR
                        ? " needs the operator's token, or a user with the operator role."
                        : " needs a user of the users file, or the operator's token.")
                + " Send the token as Authorization: Bearer TOKEN; it is in the file operator.token in the agent's state"
                + " directory.");
    }
}
