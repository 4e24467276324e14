package io.github.csvbackup.hostile;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * Invalid requests, created by mutating valid ones. The same seed and number give the same request. None of them
 * can clear anything: a request for a clear carries no token or a wrong one.
 */
public final class MutatedRequests {
    private static final String BEAN = "io.github.csvbackup:type=CsvBackupState";
    private static final String VOLUME = "C:\\\\ClusterStorage\\\\Volume1";

    private static final List<String> TARGETS = List.of(
            "/",
            "/healthz",
            "/metrics",
            "/metrics?name[]=csv_backup_stale",
            "//elsewhere/metrics",
            "/jolokia",
            "/jolokia/",
            "/jolokia/version",
            "/jolokia/list",
            "/jolokia/list/io.github.csvbackup",
            "/jolokia/search/*:*",
            "/jolokia/read/" + BEAN,
            "/jolokia/read/" + BEAN + "/Volumes",
            "/jolokia/read/" + BEAN + "/VolumeNames?maxDepth=3&ignoreErrors=true",
            "/jolokia/read/java.lang:type=Memory/HeapMemoryUsage/used",
            "/jolokia/exec/" + BEAN + "/refresh",
            "/jolokia/?p=read/" + BEAN + "/Version&maxObjects=5&ifModifiedSince=1",
            "http://127.0.0.1/jolokia/version",
            "*");

    /** Requests that need no credentials. */
    private static final List<String> READS = List.of(
            "{\"type\":\"version\"}",
            "{\"type\":\"list\",\"path\":\"io.github.csvbackup\",\"config\":{\"maxDepth\":4}}",
            "{\"type\":\"search\",\"mbean\":\"*:*\"}",
            "{\"type\":\"read\",\"mbean\":\"" + BEAN + "\"}",
            "{\"type\":\"read\",\"mbean\":\"" + BEAN + "\",\"attribute\":\"Volumes\",\"path\":\"0/volume\"}",
            "{\"type\":\"read\",\"mbean\":\"" + BEAN + "\",\"attribute\":[\"Version\",\"Node\",\"Summary\"]}",
            "{\"type\":\"read\",\"mbean\":\"*:*\",\"config\":{\"ignoreErrors\":true,\"maxCollectionSize\":2}}",
            "[{\"type\":\"version\"},{\"type\":\"read\",\"mbean\":\"" + BEAN + "\",\"attribute\":\"Version\"}]");

    private static final List<String> EXECUTIONS = List.of(
            exec("refresh", ""),
            exec("assess", "\"" + VOLUME + "\""),
            exec("clear", "\"" + VOLUME + "\""),
            exec("clearAll", "[\"" + VOLUME + "\"]"),
            exec("shadowCopies", "\"" + VOLUME + "\""),
            exec("recentAudit", "5.0"),
            exec("forceClear", "\"" + VOLUME + "\",\"" + VOLUME + "\",\"because\""),
            "{\"type\":\"write\",\"mbean\":\"" + BEAN + "\",\"attribute\":\"Version\",\"value\":\"x\"}",
            "{\"type\":\"exec\",\"mbean\":\"" + BEAN
                    + "\",\"operation\":\"clear\",\"arguments\":[\"x\"],\"target\":{\"url\":\"service:jmx:x\"}}",
            "{\"type\":\"exec\",\"mbean\":\"java.lang:type=Memory\",\"operation\":\"gc\"}",
            "{\"type\":\"notification\",\"command\":\"register\"}");

    private static final List<String> METHODS =
            List.of("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "get", "TRACE");

    private static final List<String> HEADERS = List.of(
            "Accept: application/openmetrics-text; version=1.0.0; q=0.5, text/plain;q=0",
            "Accept: ;;q=,*/*;q=9,\u00e9",
            "Accept-Encoding: gzip",
            "Origin: http://elsewhere.example.com",
            "Sec-Fetch-Site: cross-site",
            "X-Forwarded-For: 10.0.0.1",
            "Connection: close",
            "Connection: keep-alive, Upgrade",
            "Upgrade: h2c",
            "Content-Type: application/json; charset=utf-16",
            "Authorization: Bearer wrong",
            "Authorization: Basic b3BlcmF0b3I6d3Jvbmc=",
            "Authorization: Basic %%%",
            "Authorization:",
            "Host: elsewhere.example.com",
            "Expect: 200-maybe",
            "If-Modified-Since: yesterday",
            "Range: bytes=0-1,5-",
            "Cookie: a=b; c=\"");

    /** Latin-1, so that each byte is a character. */
    private static final List<String> PIECES = List.of(
            "",
            "\"",
            "{",
            "[",
            "]}",
            "null",
            "-1",
            "7",
            "99999999999999999999999",
            "1e999",
            "true",
            "\\u0000",
            "\\ud800",
            "\u0000",
            "\u00ff\u00fe",
            "\u00c0\u0080",
            "\u00ef\u00bb\u00bf",
            "\u00f0\u009f\u0092\u00be",
            "%00",
            "%2e%2e%2f",
            "%zz",
            "..\\..\\",
            "*",
            "!/",
            "?p=",
            ",\"target\":{\"url\":\"x\"}",
            ",\"type\":7",
            ",\"arguments\":{}",
            ",\"attribute\":\"\"",
            "java.lang:type=Runtime",
            "A".repeat(3000),
            "[".repeat(2000),
            "\"Volumes\",".repeat(200));

    private static final List<String> FRAMING = List.of(
            "Content-Length: 7\r\n",
            "Content-Length: -1\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "5;name=value\r\nhello\r\n0\r\n\r\n",
            "ffffffffffffffff\r\n",
            "\r\n",
            "\r\n\r\n",
            "\n",
            "\r",
            " HTTP/9.9\r\n",
            " HTTP/1.0\r\n",
            "\u0000\r\n: \r\n");

    private final long seed;
    private final String host;
    private final String token;

    /**
     * One request.
     *
     * @param latin1 the bytes, each as the character with that code
     * @param framed true if its length is as declared, so that another request may follow on the connection
     * @param bodiless true if the answer has no body
     */
    public record MutatedRequest(String latin1, boolean framed, boolean bodiless) {
        byte[] bytes() {
            return latin1.getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * Creates the requests of a seed.
     *
     * @param host value of the Host header
     * @param token the operator's token; only reading requests carry it
     */
    public MutatedRequests(long seed, String host, String token) {
        this.seed = seed;
        this.host = host;
        this.token = token;
    }

    private static String exec(String operation, String arguments) {
        return "{\"type\":\"exec\",\"mbean\":\"" + BEAN + "\",\"operation\":\"" + operation + "\",\"arguments\":["
                + arguments + "]}";
    }

    /** The request with that number, always the same. */
    public MutatedRequest get(int number) {
        Random random = new Random(seed * 1_000_003L + number);
        // The first number of a generator hardly depends on the low bits of the seed.
        random.nextLong();
        boolean framed = random.nextInt(10) < 8;
        boolean post = random.nextBoolean();
        boolean reads = !post || random.nextInt(3) > 0;
        String method = random.nextInt(8) == 0 ? pick(random, METHODS) : post ? "POST" : "GET";
        String target = post && random.nextInt(4) > 0 ? "/jolokia/" : pick(random, TARGETS);
        String body = !post ? "" : mutated(pick(random, reads ? READS : EXECUTIONS), random);
        String path = mutated(target, random).replaceAll("[\\s\\u0000]", "+");
        StringBuilder head = new StringBuilder();
        head.append(method)
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: ")
                .append(host);
        for (int i = random.nextInt(4); i > 0; i--) {
            head.append("\r\n").append(mutated(pick(random, HEADERS), random).replaceAll("[\\r\\n]", "_"));
        }
        // Only requests that can only read: a mutated body may be anything, but not an execution.
        if (reads && !body.contains("exec") && random.nextInt(6) == 0) {
            head.append("\r\nAuthorization: Bearer ").append(token);
        }
        if (!body.isEmpty()) {
            head.append("\r\nContent-Length: ").append(body.length());
        }
        String whole = head + "\r\n\r\n" + body;
        return framed
                ? new MutatedRequest(whole, true, method.equals("HEAD"))
                : new MutatedRequest(broken(whole, random), false, false);
    }

    private static String pick(Random random, List<String> among) {
        return among.get(random.nextInt(among.size()));
    }

    /** One in four is not mutated. */
    private static String mutated(String text, Random random) {
        StringBuilder mutant = new StringBuilder(text);
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int from = random.nextInt(mutant.length() + 1);
            int to = Math.min(mutant.length(), from + random.nextInt(8));
            switch (random.nextInt(4)) {
                case 0 -> mutant.delete(from, to);
                case 1 -> mutant.insert(from, mutant.substring(from, to).repeat(1 + random.nextInt(3)));
                case 2 -> mutant.insert(from, pick(random, PIECES));
                default -> mutant.replace(from, to, Character.toString((char) random.nextInt(256)));
            }
        }
        return mutant.toString();
    }

    /** Mutated anywhere, including the declared length. */
    private static String broken(String whole, Random random) {
        int cut = random.nextInt(whole.length());
        StringBuilder out = new StringBuilder(whole.substring(0, cut));
        switch (random.nextInt(5)) {
            case 0 -> {}
            case 1 -> out.append(pick(random, FRAMING));
            case 2 -> out.append(pick(random, PIECES));
            case 3 -> out.append((char) random.nextInt(256));
            default -> out.append(whole, cut, cut + random.nextInt(whole.length() - cut) + 1);
        }
        if (random.nextInt(3) > 0) {
            out.append(whole.substring(Math.min(whole.length(), cut + random.nextInt(6))));
        }
        return out.toString();
    }
}
