package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.http.Endpoint;
import io.github.csvbackup.http.Reply;
import io.github.csvbackup.http.Request;
import io.github.csvbackup.security.AnonymousAccess;
import java.io.IOException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.management.MBeanServer;
import org.jolokia.config.ConfigKey;
import org.jolokia.config.Configuration;
import org.jolokia.request.JmxRequest;
import org.jolokia.shaded.org.json.simple.JSONObject;
import org.jolokia.util.RequestType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jolokia's protocol at {@code /jolokia/} of one door. Errors are HTTP 200 with a status in the body, except for 401 and 429. */
public final class JolokiaEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(JolokiaEndpoint.class);
    private static final int MISTAKE = 400;
    private static final int FAILURE = 500;

    private final Backend backend;
    private final RequestReader reader;
    private final ReadingPlaces places;
    private final LongSupplier nanoTime;

    /**
     * @param domain only its MBeans are accessible
     * @param anonymous what this machine's clients may do without credentials
     * @param nanoTime a monotonic clock such as {@link System#nanoTime()}
     * @param doors how many doors share the memory of this JVM, each with an endpoint
     */
    public JolokiaEndpoint(
            MBeanServer server, String domain, AnonymousAccess anonymous, LongSupplier nanoTime, int doors) {
        this(new DomainMBeans(server, domain, System::currentTimeMillis), anonymous, nanoTime, doors);
    }

    JolokiaEndpoint(DomainMBeans beans, AnonymousAccess anonymous, LongSupplier nanoTime, int doors) {
        Configuration configuration = new Configuration(
                ConfigKey.AGENT_ID, "csv-backup-agent",
                ConfigKey.MIME_TYPE, "application/json",
                ConfigKey.DISCOVERY_ENABLED, "false",
                ConfigKey.ALLOW_DNS_REVERSE_LOOKUP, "false",
                ConfigKey.ALLOW_ERROR_DETAILS, "false",
                ConfigKey.INCLUDE_STACKTRACE, "false");
        AccessPolicy policy = new AccessPolicy(beans, anonymous, new OperationLimits(nanoTime));
        this.backend = new Backend(configuration, policy, beans);
        this.places = new ReadingPlaces(doors);
        this.reader = new RequestReader(configuration);
        this.nanoTime = nanoTime;
    }

    @Override
    public Reply answer(Request request) {
        try {
            return Reply.json(200, CurrentRequest.call(request, () -> jolokia(request)));
        } catch (CredentialsNeededException e) {
            return Reply.unauthorized(String.valueOf(e.getMessage()));
        } catch (TooManyRequestsException e) {
            return Reply.json(429, error(429, String.valueOf(e.getMessage())).toJSONString());
        } catch (Refusal e) {
            return Reply.json(200, error(e).toJSONString());
        } catch (IllegalArgumentException e) {
            return Reply.json(
                    200, error(MISTAKE, String.valueOf(e.getMessage())).toJSONString());
        } catch (Exception e) {
            LOG.error("A Jolokia request failed unexpectedly", e);
            return Reply.json(
                    200,
                    error(FAILURE, "The agent failed to answer; its log says why.")
                            .toJSONString());
        }
    }

    private String jolokia(Request request) throws IOException {
        RequestReader.Parts parts = reader.read(request);
        AnswerText answer = new AnswerText();
        Budget budget = new Budget(nanoTime);
        String before = parts.bulk() ? "[" : "";
        for (Supplier<JmxRequest> part : parts.parts()) {
            answer.always(before);
            write(part, answer, budget, request.operator());
            before = ",";
        }
        if (parts.bulk()) {
            answer.always(parts.parts().isEmpty() ? "[]" : "]");
        }
        return answer.toString();
    }

    private void write(Supplier<JmxRequest> part, AnswerText answer, Budget budget, boolean operator)
            throws IOException {
        int before = answer.length();
        try {
            JmxRequest request = part.get();
            if (request.getType() == RequestType.EXEC || request.getType() == RequestType.WRITE) {
                // It was executed, so report the result regardless of its length.
                answer.always(backend.answer(request, budget).toJSONString());
            } else {
                read(request, answer, budget, operator);
            }
        } catch (Refusal e) {
            answer.cutTo(before);
            answer.always(error(e).toJSONString());
        } catch (IllegalArgumentException e) {
            // The message of Jolokia's own parser.
            answer.cutTo(before);
            answer.always(error(MISTAKE, String.valueOf(e.getMessage())).toJSONString());
        }
    }

    private void read(JmxRequest request, AnswerText answer, Budget budget, boolean operator) throws IOException {
        budget.beginReading();
        try {
            places.enter(operator, budget);
            try {
                backend.answer(request, budget).writeJSONString(answer);
            } finally {
                places.leave(operator);
            }
        } finally {
            budget.endReading();
        }
    }

    private static JSONObject error(Refusal refusal) {
        return error(refusal.status(), String.valueOf(refusal.getMessage()));
    }

    @SuppressWarnings("unchecked") // JSONObject is a raw map
    private static JSONObject error(int status, String sentence) {
        JSONObject error = new JSONObject();
        error.put("status", status);
        error.put("error", sentence);
        error.put("error_type", IllegalArgumentException.class.getName());
        return error;
    }
}
