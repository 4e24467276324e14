package io.github.csvbackup.agent;

import io.github.csvbackup.json.Json;
import io.github.csvbackup.peer.LocalEvidenceView;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers in the place of a node's agent: the truth until it is asked for shadow copies. Then it gives an empty list of its own, because the agent would
 * list only once a minute, and from then on says that VSS runs, as after each list. A test changes what it says with the list, and later.
 */
final class ListingPeer implements AutoCloseable {
    static final long PROCESS = 4711;

    private final FakePeer peer;
    private volatile boolean listed;

    /** What a test changes in the answers; it may also fail or block instead. */
    @FunctionalInterface
    interface Fault {
        Fault NONE = evidence -> {};

        void in(Map<Object, Object> evidence) throws IOException;
    }

    /**
     * Begins to answer.
     *
     * @param withList what is wrong with an answer that has a list
     * @param later what is wrong with answers after that
     */
    ListingPeer(FakePeer peer, Fault withList, Fault later) {
        this.peer = peer;
        peer.answer(question -> answer(question, withList, later));
    }

    int port() {
        return peer.port();
    }

    /** Whether it was asked for its shadow copies. */
    boolean isListed() {
        return listed;
    }

    private FakePeer.Reply answer(String question, Fault withList, Fault later) throws IOException {
        Map<?, ?> fields = (Map<?, ?>) Json.read(question);
        List<?> arguments = (List<?>) fields.get("arguments");
        boolean asksForList = Boolean.TRUE.equals(arguments.get(1));
        boolean before = listed;
        listed |= asksForList;
        Map<Object, Object> aboutServices = new LinkedHashMap<>(fields);
        aboutServices.put("arguments", List.of(arguments.get(0), false));
        Map<Object, Object> told = new LinkedHashMap<>();
        if (asksForList || before) {
            told.put("vss", service("RUNNING", 4, PROCESS));
        }
        if (asksForList) {
            told.put("shadowCopies", emptyList());
        }
        (asksForList ? withList : before ? later : Fault.NONE).in(told);
        return peer.changed(Json.write(aboutServices), evidence -> evidence.putAll(told));
    }

    /** A service as an agent describes it. */
    static Map<Object, Object> service(String state, long number, Long process) {
        Map<Object, Object> service = fieldsOf(LocalEvidenceView.Service.class);
        service.put("state", state);
        service.put("stateNumber", number);
        service.put("processId", process);
        service.put("stoppedForMillis", 0L);
        return service;
    }

    private static Map<Object, Object> emptyList() {
        Map<Object, Object> list = fieldsOf(LocalEvidenceView.ShadowCopyList.class);
        list.put("vssBefore", service("STOPPED", 1, null));
        list.put("copies", List.of());
        list.put("volumes", List.of());
        return list;
    }

    /** All fields, which an answer must have, as null. */
    private static Map<Object, Object> fieldsOf(Class<? extends Record> view) {
        Map<Object, Object> fields = new HashMap<>();
        for (RecordComponent field : view.getRecordComponents()) {
            fields.put(field.getName(), null);
        }
        return fields;
    }

    @Override
    public void close() {
        peer.close();
    }
}
