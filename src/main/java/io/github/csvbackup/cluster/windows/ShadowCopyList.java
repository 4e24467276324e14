package io.github.csvbackup.cluster.windows;

import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link ShadowCopyQuery}'s script prints: {@code vss=} and the state of the VSS service, for each copy the line {@code copy} and
 * eight lines {@code key=value}, at the end {@code end=} and the number of copies. Anything else, and anything less, is no answer. Pure: text in, copies out.
 */
final class ShadowCopyList {
    private static final List<String> KEYS =
            List.of("id", "set", "provider", "volume", "machine", "persistent", "state", "created");
    /** In the order of dwCurrentState, from 1. */
    private static final List<String> SERVICE_STATES = List.of(
            "Stopped", "Start Pending", "Stop Pending", "Running", "Continue Pending", "Pause Pending", "Paused");

    private static final Pattern GUID = Pattern.compile("\\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}}");
    /** CIM datetime: local time with microseconds, and its offset from UTC in minutes. */
    private static final Pattern DATE_TIME =
            Pattern.compile("(\\d{4})(\\d{2})(\\d{2})(\\d{2})(\\d{2})(\\d{2})\\.(\\d{6})([+-]\\d{3})");

    private ShadowCopyList() {}

    /** @throws MalformedListException if a single line is not as the script prints it, or the end is missing */
    static ShadowCopies parse(String output) throws MalformedListException {
        List<String> lines = output.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        List<ShadowCopy> copies = new ArrayList<>();
        ServiceStatus vssBefore = vss(lines.isEmpty() ? "" : lines.get(0));
        int next = 1;
        while (next < lines.size() && lines.get(next).equals("copy")) {
            if (lines.size() - next <= KEYS.size()) {
                throw new MalformedListException("the list ends within a shadow copy");
            }
            copies.add(copy(values(lines.subList(next + 1, next + 1 + KEYS.size()))));
            next += 1 + KEYS.size();
        }
        if (next == lines.size()) {
            throw new MalformedListException("the list has no end");
        }
        String last = lines.get(next);
        if (next != lines.size() - 1 || !last.equals("end=" + copies.size())) {
            throw new MalformedListException("the line \"" + shown(last) + "\" is out of place");
        }
        return new ShadowCopies(copies, vssBefore);
    }

    /** Win32_Service.State, which Windows says in English everywhere. */
    private static ServiceStatus vss(String line) throws MalformedListException {
        for (int state = 1; state <= SERVICE_STATES.size(); state++) {
            if (line.equals("vss=" + SERVICE_STATES.get(state - 1))) {
                return new ServiceStatus(state, null, null);
            }
        }
        throw new MalformedListException(
                "it does not begin with the state of the VSS service, but with \"" + shown(line) + "\"");
    }

    private static List<String> values(List<String> lines) throws MalformedListException {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < KEYS.size(); i++) {
            String start = KEYS.get(i) + "=";
            if (!lines.get(i).startsWith(start)) {
                throw new MalformedListException(
                        "the line \"" + shown(lines.get(i)) + "\" stands where " + start + " belongs");
            }
            values.add(lines.get(i).substring(start.length()));
        }
        return values;
    }

    private static ShadowCopy copy(List<String> values) throws MalformedListException {
        for (int i = 0; i < 3; i++) {
            require(GUID, values.get(i), KEYS.get(i));
        }
        require(VolumeInfoList.GUID_NAME, values.get(3), "volume");
        return new ShadowCopy(
                values.get(0),
                values.get(1),
                values.get(2),
                values.get(3),
                values.get(4),
                bool(values.get(5)),
                state(values.get(6)),
                time(values.get(7)));
    }

    private static void require(Pattern pattern, String value, String key) throws MalformedListException {
        if (!pattern.matcher(value).matches()) {
            throw new MalformedListException("\"" + shown(value) + "\" is no " + key);
        }
    }

    private static boolean bool(String value) throws MalformedListException {
        return switch (value) {
            case "True" -> true;
            case "False" -> false;
            default -> throw new MalformedListException("\"" + shown(value) + "\" is neither True nor False");
        };
    }

    private static int state(String value) throws MalformedListException {
        if (value.isEmpty() || value.length() > 4 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new MalformedListException("\"" + shown(value) + "\" is no state");
        }
        return Integer.parseInt(value);
    }

    /** Null if the copy has no time; the guard then takes it for a new one. */
    private static @Nullable Instant time(String value) throws MalformedListException {
        if (value.isEmpty()) {
            return null;
        }
        Matcher matcher = DATE_TIME.matcher(value);
        if (!matcher.matches()) {
            throw new MalformedListException("\"" + shown(value) + "\" is no time");
        }
        int[] part = new int[8];
        for (int i = 0; i < part.length; i++) {
            part[i] = Integer.parseInt(matcher.group(i + 1));
        }
        try {
            return LocalDateTime.of(part[0], part[1], part[2], part[3], part[4], part[5], part[6] * 1000)
                    .toInstant(ZoneOffset.ofTotalSeconds(part[7] * 60));
        } catch (DateTimeException e) {
            throw new MalformedListException("\"" + value + "\" is no time: " + e.getMessage());
        }
    }

    private static String shown(String text) {
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
}
