package io.github.csvbackup.http.jolokia;

import java.io.IOException;
import javax.management.AttributeNotFoundException;
import javax.management.InstanceNotFoundException;
import javax.management.MBeanException;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.RuntimeMBeanException;
import org.jolokia.backend.executor.MBeanServerExecutor;
import org.jolokia.backend.executor.NotChangedException;
import org.jolokia.config.ConfigKey;
import org.jolokia.config.Configuration;
import org.jolokia.converter.Converters;
import org.jolokia.converter.json.JsonConvertOptions;
import org.jolokia.handler.JsonRequestHandler;
import org.jolokia.handler.RequestHandlerManager;
import org.jolokia.request.JmxExecRequest;
import org.jolokia.request.JmxObjectNameRequest;
import org.jolokia.request.JmxReadRequest;
import org.jolokia.request.JmxRequest;
import org.jolokia.shaded.org.json.simple.JSONObject;
import org.jolokia.util.RequestType;
import org.jspecify.annotations.Nullable;

/**
 * Answers single requests with Jolokia's converters and request handlers. It replaces Jolokia's own back end, which would run server detectors,
 * register MBeans and listen to the MBean server.
 */
final class Backend {
    private static final long MILLIS_PER_SECOND = 1000;
    private static final int MISTAKE = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int FAILURE = 500;

    private final DomainMBeans beans;
    private final Converters converters = new Converters();
    private final RequestHandlerManager handlers;

    Backend(Configuration configuration, AccessPolicy policy, DomainMBeans beans) {
        this.beans = beans;
        this.handlers = new RequestHandlerManager(configuration, converters, null, policy);
    }

    /**
     * The answer to one request. Errors have the status that stock Jolokia gives them.
     *
     * @throws Refusal if the budget is used up or the answer would be too large; nothing was executed
     */
    JSONObject answer(JmxRequest request, Budget budget) {
        try {
            return value(request, budget);
        } catch (InstanceNotFoundException | AttributeNotFoundException | ReflectionException e) {
            return error(NOT_FOUND, e, request);
        } catch (MBeanException e) {
            return error(FAILURE, e.getTargetException(), request);
        } catch (RuntimeMBeanException e) {
            return ofTheMBean(e.getTargetException(), request);
        } catch (IllegalArgumentException e) {
            // For a list with the path of an unknown MBean, Jolokia hides the cause.
            return e.getCause() instanceof InstanceNotFoundException
                    ? error(NOT_FOUND, e.getCause(), request)
                    : error(MISTAKE, e, request);
        } catch (SecurityException e) {
            return error(FORBIDDEN, new Exception(e.getMessage()), request);
        } catch (UnsupportedOperationException | IOException e) {
            return error(FAILURE, e, request);
        }
    }

    private static JSONObject ofTheMBean(RuntimeException e, JmxRequest request) {
        int status =
                e instanceof IllegalArgumentException ? MISTAKE : e instanceof SecurityException ? FORBIDDEN : FAILURE;
        return error(status, e, request);
    }

    @SuppressWarnings("unchecked") // JSONObject is a raw map
    private JSONObject value(JmxRequest request, Budget budget)
            throws InstanceNotFoundException, AttributeNotFoundException, ReflectionException, MBeanException,
                    IOException {
        AccessPolicy.checkType(request.getType());
        checkExists(request);
        if (request instanceof JmxExecRequest exec) {
            ArgumentCheck.check(exec, beans.server());
        }
        JSONObject answer = new JSONObject();
        answer.put("request", request.toJSON());
        answer.put("timestamp", System.currentTimeMillis() / MILLIS_PER_SECOND);
        try {
            answer.put("value", converted(request, budget));
            answer.put("status", 200);
        } catch (NotChangedException e) {
            answer.put("status", 304);
        }
        return answer;
    }

    /** Checks that the named MBean exists. A search, and a read with a pattern, may find nothing. */
    private void checkExists(JmxRequest request) throws InstanceNotFoundException {
        if (request.getType() != RequestType.SEARCH && request instanceof JmxObjectNameRequest named) {
            ObjectName name = named.getObjectName();
            if (!name.isPattern() || request.getType() != RequestType.READ) {
                beans.checkExists(name);
            }
        }
    }

    // The type of the request selects the handler; Jolokia's raw types do not express that.
    @SuppressWarnings({"unchecked", "rawtypes"})
    private @Nullable Object converted(JmxRequest request, Budget budget)
            throws InstanceNotFoundException, AttributeNotFoundException, ReflectionException, MBeanException,
                    IOException, NotChangedException {
        boolean reads = request.getType() != RequestType.EXEC && request.getType() != RequestType.WRITE;
        JsonRequestHandler handler = handlers.getRequestHandler(request.getType());
        Object value;
        if (handler.handleAllServersAtOnce(request)) {
            value = all(handler, request, new MeteredMBeans(beans, budget));
        } else {
            if (request instanceof JmxReadRequest) {
                budget.takeAttribute();
            }
            value = handler.handleRequest(beans.server(), request);
        }
        if (reads) {
            budget.check();
        }
        Object json = converters
                .getToJsonConverter()
                .convertToJson(
                        value,
                        handler.useReturnValueWithPath() ? request.getPathParts() : null,
                        options(request, reads));
        if (reads) {
            budget.checkTime();
            AnswerText.checkValues(json);
        }
        return json;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // see converted
    private static @Nullable Object all(JsonRequestHandler handler, JmxRequest request, MBeanServerExecutor beans)
            throws InstanceNotFoundException, AttributeNotFoundException, ReflectionException, MBeanException,
                    IOException, NotChangedException {
        try {
            return handler.handleRequest(beans, request);
        } catch (IllegalStateException e) {
            if (request.getType() == RequestType.LIST) {
                throw new IllegalArgumentException("Unknown path " + request.getPath() + " for list.", e);
            }
            throw e;
        }
    }

    private static JsonConvertOptions options(JmxRequest request, boolean bounded) {
        int wanted = request.getParameterAsInt(ConfigKey.MAX_OBJECTS);
        // One more than allowed, so that checkValues can see that Jolokia cut the answer off.
        int most = AnswerText.VALUES + 1;
        return new JsonConvertOptions.Builder()
                .maxDepth(request.getParameterAsInt(ConfigKey.MAX_DEPTH))
                .maxCollectionSize(request.getParameterAsInt(ConfigKey.MAX_COLLECTION_SIZE))
                .maxObjects(!bounded ? wanted : wanted == 0 ? most : Math.min(wanted, most))
                .faultHandler(request.getValueFaultHandler())
                .useAttributeFilter(request.getPathParts() != null)
                .build();
    }

    @SuppressWarnings("unchecked") // JSONObject is a raw map
    private static JSONObject error(int status, Throwable e, JmxRequest request) {
        String type = e.getClass().getName();
        JSONObject error = new JSONObject();
        error.put("status", status);
        error.put("error", e.getMessage() == null ? type : type + " : " + e.getMessage());
        error.put("error_type", type);
        error.put("request", request.toJSON());
        return error;
    }
}
