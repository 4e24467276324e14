package io.github.csvbackup.http.jolokia;

import java.io.IOException;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanException;
import javax.management.ReflectionException;
import org.jolokia.backend.BackendManager;
import org.jolokia.backend.executor.NotChangedException;
import org.jolokia.config.ConfigKey;
import org.jolokia.config.Configuration;
import org.jolokia.converter.Converters;
import org.jolokia.converter.json.JsonConvertOptions;
import org.jolokia.handler.JsonRequestHandler;
import org.jolokia.handler.RequestHandlerManager;
import org.jolokia.request.JmxRequest;
import org.jolokia.shaded.org.json.simple.JSONObject;
import org.jolokia.util.LogHandler;

/**
 * Jolokia's back end, constructed lazily and never initialised: its own initialisation would run server detectors, register MBeans and
 * listen to the MBean server. Only its converters and request handlers are used.
 */
final class LeanBackendManager extends BackendManager {
    private static final long MILLIS_PER_SECOND = 1000;

    private final DomainMBeans beans;
    private final Converters converters = new Converters();
    private final RequestHandlerManager handlers;

    LeanBackendManager(Configuration configuration, LogHandler log, AccessPolicy policy, DomainMBeans beans) {
        super(configuration, log, policy, true);
        this.beans = beans;
        this.handlers = new RequestHandlerManager(configuration, converters, null, policy);
    }

    // The request decides which handler serves it, which Jolokia's raw types leave unsaid.
    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    public JSONObject handleRequest(JmxRequest request)
            throws InstanceNotFoundException, AttributeNotFoundException, ReflectionException, MBeanException,
                    IOException {
        if (request.getTargetConfig() != null) {
            throw new IllegalArgumentException(
                    "The request names a target, and this agent is no proxy: nothing was done."
                            + " Send it to the agent that it is meant for, without target.");
        }
        JSONObject answer = new JSONObject();
        answer.put("request", request.toJSON());
        answer.put("timestamp", System.currentTimeMillis() / MILLIS_PER_SECOND);
        JsonRequestHandler handler = handlers.getRequestHandler(request.getType());
        try {
            Object value = handler.handleAllServersAtOnce(request)
                    ? handler.handleRequest(beans, request)
                    : handler.handleRequest(beans.server(), request);
            answer.put(
                    "value",
                    converters
                            .getToJsonConverter()
                            .convertToJson(
                                    value,
                                    handler.useReturnValueWithPath() ? request.getPathParts() : null,
                                    options(request)));
            answer.put("status", 200);
        } catch (NotChangedException e) {
            answer.put("status", 304);
        }
        return answer;
    }

    private static JsonConvertOptions options(JmxRequest request) {
        return new JsonConvertOptions.Builder()
                .maxDepth(request.getParameterAsInt(ConfigKey.MAX_DEPTH))
                .maxCollectionSize(request.getParameterAsInt(ConfigKey.MAX_COLLECTION_SIZE))
                .maxObjects(request.getParameterAsInt(ConfigKey.MAX_OBJECTS))
                .faultHandler(request.getValueFaultHandler())
                .useAttributeFilter(request.getPathParts() != null)
                .build();
    }

    @Override
    public Object convertExceptionToJson(Throwable e, JmxRequest request) {
        return String.valueOf(e.getMessage());
    }

    @Override
    public void destroy() {
        // Nothing was registered.
    }
}
