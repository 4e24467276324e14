package io.github.csvbackup.bench;

/** What runs in the host that is measured. */
enum Subject {
    NONE("no agent", "", ""),
    NOTHING("an agent that does nothing", "", ""),
    AGENT("this agent", "/healthz", ""),
    JOLOKIA_1("Jolokia", "/jolokia/version", "jolokia-jvm-"),
    JOLOKIA_2("Jolokia", "/jolokia/version", "jolokia-agent-jvm-"),
    JMX_EXPORTER("jmx_exporter", "/metrics", "jmx_prometheus_javaagent-");

    private final String title;
    private final String ready;
    private final String file;

    Subject(String title, String ready, String file) {
        this.title = title;
        this.ready = ready;
        this.file = file;
    }

    String title() {
        return title;
    }

    /** A path that answers 200 as soon as it runs; empty if it has no server. */
    String ready() {
        return ready;
    }

    /** How the name of its jar begins; empty if Maven does not download it. */
    String file() {
        return file;
    }
}
