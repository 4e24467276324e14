package io.github.csvbackup.agent.cli.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request in Jolokia's protocol.
 *
 * @param withToken whether to send the operator's token
 */
record StoryRequest(Map<String, Object> body, boolean withToken) {
    static final String STATE = "io.github.csvbackup:type=CsvBackupState";
    static final String SIMULATOR = "io.github.csvbackup:type=SimulatedCluster";

    /** Reads the states of the volumes. */
    static StoryRequest readVolumes() {
        return read("Volumes");
    }

    /** Reads an attribute of the agent; this needs no token. */
    static StoryRequest read(String attribute) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "read");
        body.put("mbean", STATE);
        body.put("attribute", attribute);
        return new StoryRequest(body, false);
    }

    /** Invokes an operation. */
    static StoryRequest exec(String mbean, String operation, boolean withToken, Object... arguments) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "exec");
        body.put("mbean", mbean);
        body.put("operation", operation);
        body.put("arguments", new ArrayList<>(List.of(arguments)));
        return new StoryRequest(body, withToken);
    }

    /** An operation of the simulator, which needs the token. */
    static StoryRequest simulate(String operation, Object... arguments) {
        return exec(SIMULATOR, operation, true, arguments);
    }

    /** An operation of the agent, as the operator. */
    static StoryRequest operate(String operation, Object... arguments) {
        return exec(STATE, operation, true, arguments);
    }

    String json() {
        return PrettyJson.oneLine(body);
    }
}
