package io.github.csvbackup.http.jolokia;

/** An operation needs an operator and the request comes from nobody who is one. Nothing was executed. */
final class OperatorNeededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OperatorNeededException(String operation) {
        super(operation
                + " needs the operator's token, or a user who is an operator. Send the token as Authorization: Bearer"
                + " TOKEN; it is in the file operator.token in the agent's state directory.");
    }
}
