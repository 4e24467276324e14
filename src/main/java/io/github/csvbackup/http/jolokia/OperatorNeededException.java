package io.github.csvbackup.http.jolokia;

/** An operation needs the operator's token and the request has none. Nothing was executed. */
final class OperatorNeededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OperatorNeededException(String operation) {
        super(operation
                + " needs the operator's token. Send it as Authorization: Bearer TOKEN; it is in the file operator.token in the "
                + "agent's state directory.");
    }
}
