package io.github.csvbackup.http.jolokia;

import io.github.csvbackup.http.Request;
import io.github.csvbackup.json.Json;
import io.github.csvbackup.json.JsonException;
import io.github.csvbackup.text.Ascii;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jolokia.config.ConfigKey;
import org.jolokia.config.Configuration;
import org.jolokia.config.ProcessingParameters;
import org.jolokia.request.JmxReadRequest;
import org.jolokia.request.JmxRequest;
import org.jolokia.request.JmxRequestFactory;
import org.jolokia.shaded.org.json.simple.JSONArray;
import org.jspecify.annotations.Nullable;

/** Parses what clients send into Jolokia's requests, and explains in one sentence what is wrong. */
final class RequestReader {
    private static final String PREFIX = "/jolokia";
    private static final String EXAMPLE = "Send a Jolokia request such as {\"type\":\"version\"}.";
    private static final int LARGEST_BULK = 50;

    /** A bulk request that is too large gets one error per part, as clients expect. Above this size it gets a single error. */
    private static final int MOST_BULK_ERRORS = 1_000;

    private static final int DEEPEST = 64;

    /** Jolokia parses texts with regular expressions whose time grows with the square of the length and of the number of escapes. */
    private static final int LONGEST_TEXT = 2_000;

    private static final int MOST_ESCAPES = 100;

    private static final int LONGEST_SHOWN = 100;
    private static final Set<String> TYPES = Set.of("read", "list", "search", "version", "exec", "write");
    private static final List<ConfigKey> WHOLE_NUMBERS = List.of(
            ConfigKey.MAX_DEPTH, ConfigKey.MAX_COLLECTION_SIZE, ConfigKey.MAX_OBJECTS, ConfigKey.IF_MODIFIED_SINCE);

    private final Configuration configuration;

    RequestReader(Configuration configuration) {
        this.configuration = configuration;
    }

    /**
     * The parts of one HTTP request.
     *
     * @param bulk whether the answer is an array
     * @param parts each returns a request, or throws a {@link Refusal} or an IllegalArgumentException
     */
    record Parts(boolean bulk, List<Supplier<JmxRequest>> parts) {}

    /**
     * Parses a request.
     *
     * @throws Refusal if it cannot be split into parts
     */
    Parts read(Request request) {
        ProcessingParameters parameters = configuration.getProcessingParameters(firstOfEach(request));
        if (!request.method().equals("POST")) {
            return new Parts(false, List.of(() -> checked(ofPath(request.uri().getPath(), parameters))));
        }
        String text = request.body().text();
        JsonShape shape = JsonShape.of(text);
        if (shape.depth() > DEEPEST) {
            throw Refusal.mistake("The body is nested deeper than " + DEEPEST + " levels. Send a Jolokia request.");
        }
        if (shape.parts() > LARGEST_BULK) {
            Refusal refusal = Refusal.mistake("The bulk request has " + shape.parts() + " parts; at most "
                    + LARGEST_BULK + " are allowed. Split it into several requests.");
            if (shape.parts() > MOST_BULK_ERRORS) {
                throw refusal;
            }
            return new Parts(true, Collections.nCopies(shape.parts(), () -> {
                throw refusal;
            }));
        }
        Object json = json(text);
        List<Supplier<JmxRequest>> parts = new ArrayList<>();
        if (json instanceof List<?> bulk) {
            bulk.forEach(part -> parts.add(() -> checked(ofJson(part, parameters))));
        } else {
            parts.add(() -> checked(ofJson(json, parameters)));
        }
        return new Parts(json instanceof List<?>, parts);
    }

    private static Map<String, String> firstOfEach(Request request) {
        Map<String, String> first = new HashMap<>();
        QueryString.parameters(request.uri()).forEach((name, values) -> first.put(name, values[0]));
        return first;
    }

    private static @Nullable Object json(String text) {
        if (text.isBlank()) {
            throw Refusal.mistake("The body is empty. " + EXAMPLE);
        }
        if (text.charAt(0) == '\uFEFF') {
            throw Refusal.mistake("The body starts with a byte order mark. Send UTF-8 without one.");
        }
        if (text.indexOf('\0') >= 0) {
            throw Refusal.mistake("The body seems to be UTF-16. Send UTF-8.");
        }
        try {
            return Json.read(text);
        } catch (JsonException e) {
            throw Refusal.mistake(
                    e.getCause() instanceof NumberFormatException
                            ? "The body contains an integer that does not fit into 64 bits. Send a smaller one."
                            : "The body is not JSON. " + EXAMPLE);
        }
    }

    private static JmxRequest ofPath(String path, ProcessingParameters parameters) {
        String info = path.length() > PREFIX.length() ? path.substring(PREFIX.length()) : "/";
        if (info.replace("/", "").isEmpty() && parameters.getPathInfo() != null) {
            info = parameters.getPathInfo();
        }
        checkLength("The path of the request", info);
        String bare = info.startsWith("/") ? info.substring(1) : info;
        if (bare.isEmpty()) {
            return JmxRequestFactory.createGetRequest("/version", parameters);
        }
        int slash = bare.indexOf('/');
        String type = slash < 0 ? bare : bare.substring(0, slash);
        return JmxRequestFactory.createGetRequest(
                "/" + known(type) + (slash < 0 ? "" : bare.substring(slash)), parameters);
    }

    private static JmxRequest ofJson(@Nullable Object json, ProcessingParameters parameters) {
        if (!(json instanceof Map<?, ?> map)) {
            throw Refusal.mistake(
                    "The body must be a JSON object or an array of objects, not " + shown(json) + ". " + EXAMPLE);
        }
        Map<String, Object> request = new HashMap<>();
        map.forEach((key, value) -> request.put(String.valueOf(key), value));
        if (request.get("target") != null) {
            throw Refusal.mistake("The request has a target, but this agent is not a proxy; nothing was executed."
                    + " Send the request directly to its target, without the field target.");
        }
        String type = known(needed(request, "type"));
        request.put("type", type);
        optional(request, "path");
        checkParameters(request.get("config"));
        switch (type) {
            case "read" -> {
                needed(request, "mbean");
                checkAttribute(request.get("attribute"));
            }
            case "write" -> {
                needed(request, "mbean");
                needed(request, "attribute");
                checkValue(request.get("value"));
            }
            case "exec" -> {
                needed(request, "mbean");
                if (needed(request, "operation").isBlank()) {
                    throw Refusal.mistake("\"operation\" is empty. Send the name of an operation.");
                }
                request.computeIfPresent("arguments", (key, given) -> arguments(given));
            }
            case "search" -> needed(request, "mbean");
            default -> {
                // list and version have no required fields.
            }
        }
        return JmxRequestFactory.createPostRequest(request, parameters);
    }

    private static String known(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        if (!TYPES.contains(lower)) {
            throw Refusal.mistake(
                    "Unknown request type " + shown(type) + ". Use read, write, list, search, version or exec.");
        }
        return lower;
    }

    private static String needed(Map<String, Object> request, String field) {
        String text = optional(request, field);
        if (text == null) {
            throw Refusal.mistake("\"" + field + "\" is missing. Send a string.");
        }
        return text;
    }

    private static @Nullable String optional(Map<String, Object> request, String field) {
        Object value = request.get(field);
        if (value != null && !(value instanceof String)) {
            throw Refusal.mistake("\"" + field + "\" must be a string, not " + shown(value) + ".");
        }
        if (value != null) {
            checkLength("\"" + field + "\"", (String) value);
        }
        return (String) value;
    }

    private static void checkLength(String what, String text) {
        if (text.length() > LONGEST_TEXT) {
            throw Refusal.mistake(what + " is longer than " + LONGEST_TEXT + " characters. Send a shorter one.");
        }
        if (Ascii.count('!', text) > MOST_ESCAPES) {
            throw Refusal.mistake(what + " contains more than " + MOST_ESCAPES + " escapes with \"!\". Send fewer.");
        }
    }

    private static void checkParameters(@Nullable Object config) {
        if (config != null && !(config instanceof Map)) {
            throw Refusal.mistake("\"config\" must be an object, not " + shown(config) + ".");
        }
    }

    private static void checkAttribute(@Nullable Object attribute) {
        if (attribute instanceof String text) {
            checkLength("\"attribute\"", text);
        } else if (attribute instanceof List<?> names) {
            boolean all = names.size() == 1 && names.get(0) == null;
            if (!all && !names.stream().allMatch(String.class::isInstance)) {
                throw noAttribute(attribute);
            }
        } else if (attribute != null) {
            throw noAttribute(attribute);
        }
    }

    /** Jolokia would convert anything else in ways that no attribute here needs. */
    private static void checkValue(@Nullable Object value) {
        if (value instanceof Map || value instanceof List) {
            throw Refusal.mistake(
                    "\"value\" must be a string, a number, true, false or null, not " + shown(value) + ".");
        }
        if (value instanceof String text) {
            checkLength("\"value\"", text);
        }
    }

    private static Refusal noAttribute(Object attribute) {
        return Refusal.mistake("\"attribute\" must be a string or an array of strings, not " + shown(attribute) + ".");
    }

    private static List<@Nullable Object> arguments(Object arguments) {
        if (!(arguments instanceof List<?> list)) {
            throw Refusal.mistake("\"arguments\" must be an array, not " + shown(arguments) + ".");
        }
        List<@Nullable Object> checked = new ArrayList<>();
        for (Object argument : list) {
            if (argument instanceof Map) {
                throw unfitArgument(argument);
            }
            checked.add(argument instanceof List<?> array ? texts(array) : argument);
        }
        return checked;
    }

    /** An array of strings as Jolokia converts it. */
    @SuppressWarnings("unchecked") // its parser is older than generics
    private static JSONArray texts(List<?> array) {
        JSONArray texts = new JSONArray();
        for (Object element : array) {
            if (element != null && !(element instanceof String)) {
                throw unfitArgument(array);
            }
            texts.add(element);
        }
        return texts;
    }

    private static Refusal unfitArgument(Object argument) {
        return Refusal.mistake(
                "Each element of \"arguments\" must be a string, a number, true, false, null or an array of strings, not "
                        + shown(argument) + ".");
    }

    /** Checks that need the parsed request, for GET and POST. */
    private static JmxRequest checked(JmxRequest request) {
        for (ConfigKey key : WHOLE_NUMBERS) {
            checkWholeNumber(key, request.getParameter(key));
        }
        if (request instanceof JmxReadRequest read && read.getAttributeNames() != null) {
            checkAttributes(read);
        }
        return request;
    }

    private static void checkWholeNumber(ConfigKey key, @Nullable String text) {
        if (text != null) {
            try {
                if (Integer.parseInt(text) >= 0) {
                    return;
                }
            } catch (NumberFormatException e) {
                // Same message as for a negative number.
            }
            throw Refusal.mistake(key.getKeyValue() + " must be an integer from 0 to " + Integer.MAX_VALUE + ", not "
                    + shown(text) + ".");
        }
    }

    private static void checkAttributes(JmxReadRequest request) {
        List<String> names = request.getAttributeNames();
        if ((names.isEmpty() && !request.isMultiAttributeMode()) || names.contains("")) {
            throw Refusal.mistake("\"attribute\" is empty. Send the name of an attribute, or omit it to read all.");
        }
        if (names.size() > Budget.ATTRIBUTES) {
            throw Refusal.mistake("\"attribute\" names " + names.size() + " attributes; at most " + Budget.ATTRIBUTES
                    + " are allowed. Omit it to read all.");
        }
        Set<String> different = new HashSet<>();
        for (String name : names) {
            if (!different.add(name)) {
                throw Refusal.mistake("\"attribute\" names " + shown(name) + " more than once. Name each once.");
            }
        }
    }

    /** A value as JSON, shortened, for a message. */
    static String shown(@Nullable Object value) {
        String json = Json.write(value);
        return json.length() <= LONGEST_SHOWN ? json : json.substring(0, LONGEST_SHOWN) + "...";
    }
}
