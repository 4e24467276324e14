package io.github.csvbackup.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged agent of NODE1, and an operator who asks it for assessments of its first volume. */
final class AssessingAgent implements AutoCloseable {
    private static final String VOLUME = "C:\\ClusterStorage\\Volume1";
    private static final String QUESTION = "{\"type\":\"exec\",\"mbean\":\"" + Lab.BEAN
            + "\",\"operation\":\"assess\",\"arguments\":[\"" + VOLUME.replace("\\", "\\\\") + "\"]}";
    private static final Pattern VERDICT = Pattern.compile("\"verdict\":\"([A-Z]+)\"");

    private static final int ACCESS_DENIED = 5;

    private final Jvm jvm;
    private final Connection connection;

    private AssessingAgent(Jvm jvm, Connection connection) {
        this.jvm = jvm;
        this.connection = connection;
    }

    static AssessingAgent start(Lab lab, Jdk jdk, Setup setup) throws IOException {
        Jvm jvm = lab.startReady(jdk, setup);
        try {
            return new AssessingAgent(jvm, jvm.operatorsDoor().connect());
        } catch (IOException | RuntimeException e) {
            jvm.close();
            throw e;
        }
    }

    /** Sets the state of the volume; no backup runs. */
    void setState() throws IOException {
        simulate("prepareBackup", VOLUME, "NODE1");
        simulate("killBackup", VOLUME);
    }

    /** Makes the next calls to a service control manager of the simulated cluster fail, as LocalSystem's to that of another node do. */
    void denyServices(int times) throws IOException {
        String request = "{\"type\":\"exec\",\"mbean\":\"" + Lab.SIMULATION
                + "\",\"operation\":\"failNextCalls\",\"arguments\":[\"QueryServiceStatusEx\"," + ACCESS_DENIED + ","
                + times
                + "]}";
        try (Connection own = jvm.operatorsDoor().connect()) {
            String answer = own.post("/jolokia/", request).text();
            if (!answer.contains("\"status\":200")) {
                throw new IOException(answer);
            }
        }
    }

    private void simulate(String operation, String... arguments) throws IOException {
        String[] words = new String[arguments.length + 3];
        words[0] = "invoke";
        words[1] = Lab.SIMULATION;
        words[2] = operation;
        System.arraycopy(arguments, 0, words, 3, arguments.length);
        String told = jvm.ask(words);
        if (told.startsWith("failed")) {
            throw new IOException(told);
        }
    }

    /** @param text all of the answer */
    record Assessment(double millis, String verdict, String text) {}

    Assessment assess() throws IOException {
        long asked = System.nanoTime();
        Answer answer = connection.post("/jolokia/", QUESTION);
        double millis = (System.nanoTime() - asked) / 1e6;
        String text = answer.text();
        Matcher verdict = VERDICT.matcher(text);
        if (!verdict.find()) {
            throw new IOException("not an assessment: " + text);
        }
        return new Assessment(millis, verdict.group(1), text);
    }

    /** What the agents of other nodes answered last, as JSON. */
    String peers() throws IOException {
        return connection.get("/jolokia/read/" + Lab.BEAN + "/Peers").text();
    }

    /** The CPU time of the agent's JVM for a poll, in milliseconds. */
    double cpuOfPoll(Duration time) throws IOException {
        long polls = jvm.attribute("PollTotal");
        double before = jvm.usage().cpuMillis();
        for (long begun = System.nanoTime(); System.nanoTime() - begun < time.toNanos(); ) {
            jvm.ask("invoke", Lab.BEAN, "refresh");
            Lab.pause(PeersRow.BETWEEN);
        }
        return (jvm.usage().cpuMillis() - before) / (jvm.attribute("PollTotal") - polls);
    }

    @Override
    public void close() {
        jvm.close();
    }
}
