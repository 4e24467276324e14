package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.clear.Caller;
import io.github.csvbackup.clear.CurrentCaller;
import io.github.csvbackup.http.Endpoint;
import io.github.csvbackup.http.Reply;
import io.github.csvbackup.http.Request;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import io.github.csvbackup.security.AnonymousAccess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import javax.management.MBeanServer;
import org.jolokia.config.ConfigKey;
import org.jolokia.config.Configuration;
import org.jolokia.http.HttpRequestHandler;
import org.jolokia.shaded.org.json.simple.JSONAware;
import org.jolokia.shaded.org.json.simple.JSONObject;
import org.jolokia.util.LogHandler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jolokia's protocol at {@code /jolokia/}: errors come as HTTP 200 with a status in the body, except for 401 and 429. */
public final class JolokiaEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(JolokiaEndpoint.class);
    private static final String PREFIX = "/jolokia";
    private static final int LARGEST_BULK = 50;
    private static final int DEEPEST = 64;

    private final AccessPolicy policy;
    private final HttpRequestHandler handler;

    /**
     * Reaches the MBeans of one domain.
     *
     * @param anonymous what may be done on this machine without credentials
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     */
    public JolokiaEndpoint(MBeanServer server, String domain, AnonymousAccess anonymous, LongSupplier nanoTime) {
        DomainMBeans beans = new DomainMBeans(server, domain);
        Configuration configuration = new Configuration(
                ConfigKey.AGENT_ID, "csv-backup-agent",
                ConfigKey.MIME_TYPE, "application/json",
                ConfigKey.DISCOVERY_ENABLED, "false",
                ConfigKey.ALLOW_DNS_REVERSE_LOOKUP, "false",
                ConfigKey.ALLOW_ERROR_DETAILS, "false",
                ConfigKey.INCLUDE_STACKTRACE, "false");
        LogHandler log = new Slf4jLog();
        this.policy = new AccessPolicy(beans, anonymous, new OperationLimits(nanoTime));
        this.handler =
                new HttpRequestHandler(configuration, new LeanBackendManager(configuration, log, policy, beans), log);
    }

    @Override
    public Reply answer(Request request) {
        Caller caller =
                new Caller(request.identity().role(), request.identity().name(), "http", request.remoteAddress());
        policy.enter(request);
        try {
            return Reply.json(
                    200, CurrentCaller.callAs(caller, () -> jolokia(request)).toJSONString());
        } catch (CredentialsNeededException e) {
            return Reply.unauthorized(String.valueOf(e.getMessage()));
        } catch (TooManyRequestsException e) {
            return Reply.json(429, error(429, String.valueOf(e.getMessage())).toJSONString());
        } catch (IllegalArgumentException e) {
            return Reply.json(200, error(400, String.valueOf(e.getMessage())).toJSONString());
        } catch (Exception e) {
            LOG.error("A Jolokia request failed unexpectedly", e);
            return Reply.json(200, handler.handleThrowable(e).toJSONString());
        } finally {
            policy.leave();
        }
    }

    private JSONAware jolokia(Request request) throws IOException {
        if (!request.method().equals("POST")) {
            String path = request.uri().getPath();
            String info = path.length() > PREFIX.length() ? path.substring(PREFIX.length()) : "/";
            return handler.handleGetRequest(request.uri().toString(), info, QueryString.parameters(request.uri()));
        }
        String text = request.body().text();
        if (depth(text) > DEEPEST) {
            throw new IllegalArgumentException(
                    "The body is nested deeper than " + DEEPEST + " levels, which no Jolokia request needs.");
        }
        Object json = parsed(text);
        if (!(json instanceof Map || json instanceof List)) {
            throw new IllegalArgumentException(
                    "The body is no JSON object or array of objects. Send a Jolokia request such as "
                            + "{\"type\":\"version\"}.");
        }
        if (json instanceof List<?> bulk && bulk.size() > LARGEST_BULK) {
            throw new IllegalArgumentException("The bulk request has " + bulk.size() + " parts; at most " + LARGEST_BULK
                    + " are allowed. Send several.");
        }
        return handler.handlePostRequest(
                request.uri().toString(),
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                "UTF-8",
                QueryString.parameters(request.uri()));
    }

    /** Null if it is not JSON. */
    private static @Nullable Object parsed(String text) {
        try {
            return Json.read(text);
        } catch (JsonException e) {
            return null;
        }
    }

    /** How deep the brackets are nested, those within texts included: an upper bound, found before any parser recurses. */
    private static int depth(String json) {
        int depth = 0;
        int deepest = 0;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c == '[' || c == '{') {
                depth++;
                deepest = Math.max(deepest, depth);
            } else if (c == ']' || c == '}') {
                depth--;
            }
        }
        return deepest;
    }

    @SuppressWarnings("unchecked") // JSONObject is a raw map
    private static JSONObject error(int status, String sentence) {
        JSONObject error = new JSONObject();
        error.put("status", status);
        error.put("error", sentence);
        error.put("error_type", IllegalArgumentException.class.getName());
        return error;
    }

    private static final class Slf4jLog implements LogHandler {
        @Override
        public void debug(String message) {
            LOG.debug("{}", message);
        }

        @Override
        public void info(String message) {
            LOG.debug("{}", message);
        }

        @Override
        public void error(String message, Throwable e) {
            LOG.warn("Jolokia: {}", message, e);
        }
    }
}
