package io.github.csvbackup.peer;

import io.github.csvbackup.cluster.NodeVolume;
import io.github.csvbackup.cluster.ServiceStatus;
import io.github.csvbackup.cluster.ShadowCopies;
import io.github.csvbackup.cluster.ShadowCopy;
import io.github.csvbackup.cluster.VolumeKey;
import io.github.csvbackup.text.OutsideText;
import io.github.csvbackup.watch.MachineBackup;
import io.github.csvbackup.watch.MachineBackups;
import io.github.csvbackup.watch.NodeAnswer;
import io.github.csvbackup.watch.PeerEvidence;
import io.github.csvbackup.watch.Problem;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The JSON of a {@link LocalEvidence}. It has the same fields as {@link LocalEvidenceView}. */
public final class LocalEvidenceJson {
    /** The states that Windows documents. */
    private static final int MOST_STATE = 7;

    private static final long MOST_PROCESS = 0xFFFF_FFFFL;
    private static final long MOST_MILLIS = Duration.ofDays(36_500).toMillis();

    private static final long MOST_AGAIN_MILLIS = Duration.ofMinutes(1).toMillis();

    /** Of a name, such as that of a node. */
    private static final int LONGEST_NAME = 255;

    /** As {@link LocalEvidenceView} bounds it. */
    private static final int LONGEST_LINE = 400;

    private static final String GUID_PATTERN = "\\{[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}}";
    /** These texts become parts of commands that people paste. */
    private static final Pattern GUID = Pattern.compile(GUID_PATTERN);

    private static final Pattern GUID_NAME = Pattern.compile("\\\\\\\\\\?\\\\Volume" + GUID_PATTERN + "\\\\");

    private static final Pattern DRIVE_LETTER = Pattern.compile("([A-Za-z]:)?");

    private LocalEvidenceJson() {}

    /** Maps, lists, texts, numbers, booleans and null, for {@link io.github.csvbackup.json.Json#write}. */
    public static Map<?, ?> write(LocalEvidence told, Instant now) {
        return fields(LocalEvidenceView.of(told, now));
    }

    private static Map<?, ?> fields(Record view) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (RecordComponent component : view.getClass().getRecordComponents()) {
            try {
                fields.put(component.getName(), plain(component.getAccessor().invoke(view)));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("A public record cannot be read: " + e, e);
            }
        }
        return fields;
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof Record view) {
            return fields(view);
        }
        if (value instanceof Integer number) {
            // As Json reads it.
            return number.longValue();
        }
        return value instanceof List<?> list
                ? list.stream().map(LocalEvidenceJson::plain).toList()
                : value;
    }

    /**
     * The evidence in a JSON value. It need not be true, but it does not contradict itself.
     *
     * @param value as {@link io.github.csvbackup.json.Json#read} returns it
     * @param at when the answer came, by the clock of this machine
     * @throws MalformedEvidenceException if a field is missing or has a value that it cannot have
     */
    public static LocalEvidence read(@Nullable Object value, Instant at) throws MalformedEvidenceException {
        JsonFields told = JsonFields.of("", value);
        JsonFields shadowCopies = told.objectOrNull("shadowCopies");
        String node = told.line("node", LONGEST_NAME);
        return new LocalEvidence(
                told.line("question", LONGEST_NAME),
                told.line("cluster", LONGEST_NAME),
                told.texts("sharedDisks"),
                node,
                told.line("version", LONGEST_NAME),
                told.flag("simulated"),
                new PeerEvidence(
                        seen(told.object("vss")),
                        seen(told.object("swprv")),
                        machines(told, node, at),
                        shadowCopies == null ? null : list(shadowCopies, at)));
    }

    private static PeerEvidence.Seen seen(JsonFields service) throws MalformedEvidenceException {
        Problem problem = problem(service);
        Duration stoppedFor = Duration.ofMillis(service.integer("stoppedForMillis", 0, MOST_MILLIS));
        ServiceStatus status = problem == null ? status(service) : null;
        if (!stoppedFor.isZero() && (status == null || !status.isStopped())) {
            throw service.contradiction("has stoppedForMillis and is not stopped");
        }
        return new PeerEvidence.Seen(status, stoppedFor, problem);
    }

    private static ServiceStatus status(JsonFields service) throws MalformedEvidenceException {
        ServiceStatus status = new ServiceStatus(
                (int) service.integer("stateNumber", ServiceStatus.STOPPED, MOST_STATE),
                service.integerOrNull("processId", 0, MOST_PROCESS),
                service.timeOrNull("startTime"));
        if (!status.stateName().equals(service.text("state"))) {
            throw service.contradiction("has the state " + JsonFields.shown(service.text("state"))
                    + " and the stateNumber " + status.state() + ", which do not belong together");
        }
        return status;
    }

    /** More than an agent sends would only fill the memory: they are kept while a state is set. */
    private static MachineBackups machines(JsonFields told, String node, Instant at) throws MalformedEvidenceException {
        boolean known = told.flag("machinesKnown");
        List<MachineBackup> running = told.objects("machines", machine -> machine(machine, node, at));
        if (running.size() > LocalAnswers.MOST_MACHINES) {
            throw told.contradiction(
                    "has " + running.size() + " machines; an agent sends at most " + LocalAnswers.MOST_MACHINES);
        }
        return new MachineBackups(known, running);
    }

    /** The volume is only compared with those of this node. The name may be any: Java versions differ in what is printable. */
    private static MachineBackup machine(JsonFields machine, String node, Instant at)
            throws MalformedEvidenceException {
        return new MachineBackup(
                new VolumeKey(machine.text("resource"), machine.text("volume")),
                node,
                OutsideText.bounded(OutsideText.printable(machine.text("name")), LONGEST_NAME),
                at.minusMillis(machine.integer("saidMillisAgo", 0, MOST_MILLIS)));
    }

    private static NodeAnswer<ShadowCopies> list(JsonFields list, Instant at) throws MalformedEvidenceException {
        Problem problem = problem(list);
        Long againIn = list.integerOrNull("againInMillis", 0, MOST_AGAIN_MILLIS);
        if (problem != null) {
            return NodeAnswer.none(at, againIn == null ? problem : problem.later(Duration.ofMillis(againIn)));
        }
        if (againIn != null) {
            throw list.contradiction("has a list, and againInMillis as if it had none");
        }
        ServiceStatus vssBefore = seen(list.object("vssBefore")).status();
        if (vssBefore == null) {
            throw list.contradiction("has a list without the state of VSS before it");
        }
        return NodeAnswer.of(
                at,
                new ShadowCopies(
                        list.objects("copies", LocalEvidenceJson::copy),
                        vssBefore,
                        list.objects("volumes", LocalEvidenceJson::volume)));
    }

    private static ShadowCopy copy(JsonFields copy) throws MalformedEvidenceException {
        return new ShadowCopy(
                copy.matching("id", GUID, "a GUID in braces"),
                copy.matching("setId", GUID, "a GUID in braces"),
                copy.matching("providerId", GUID, "a GUID in braces"),
                // Any text: one that is not the GUID name of a known volume may belong to each of them. It is part of
                // no command.
                copy.line("volumeName", LONGEST_LINE),
                copy.line("originatingMachine", LONGEST_LINE),
                copy.flag("persistent"),
                (int) copy.integer("state", Integer.MIN_VALUE, Integer.MAX_VALUE),
                copy.timeOrNull("created"));
    }

    private static NodeVolume volume(JsonFields volume) throws MalformedEvidenceException {
        return new NodeVolume(
                volume.matching("deviceId", GUID_NAME, "the GUID name of a volume"),
                volume.matching("driveLetter", DRIVE_LETTER, "a letter and a colon"),
                volume.line("fileSystem", LONGEST_LINE));
    }

    /** Null if there is none. */
    private static @Nullable Problem problem(JsonFields fields) throws MalformedEvidenceException {
        String message = fields.lineOrNull("problem", LONGEST_LINE);
        String remedy = fields.lineOrNull("remedy", LONGEST_LINE);
        if ((message == null) != (remedy == null)) {
            throw fields.contradiction("has a problem or a remedy without the other");
        }
        return message == null || remedy == null ? null : new Problem(message, remedy);
    }
}
