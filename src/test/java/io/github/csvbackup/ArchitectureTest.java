package io.github.csvbackup;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTag;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintStream;
import java.text.Format;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;

/** The dependencies between packages: each package depends only on packages below it. */
@ArchTag("jdk-independent")
@AnalyzeClasses(packages = "io.github.csvbackup", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "io.github.csvbackup.";

    private static ArchRule dependsOnlyOn(String name, String... allowed) {
        String[] packages = new String[allowed.length + 1];
        packages[0] = ROOT + name + "..";
        for (int i = 0; i < allowed.length; i++) {
            packages[i + 1] = ROOT + allowed[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.github.csvbackup..").and(not(resideInAnyPackage(packages))));
    }

    @ArchTest
    static final ArchRule OPEN_MBEANS = dependsOnlyOn("openmbean", "security");

    @ArchTest
    static final ArchRule CLUSTER = dependsOnlyOn("cluster", "json", "threads", "openmbean");

    @ArchTest
    static final ArchRule FILES = dependsOnlyOn("files");

    @ArchTest
    static final ArchRule STATE = dependsOnlyOn("state", "files", "threads", "json");

    @ArchTest
    static final ArchRule SECURITY = dependsOnlyOn("security", "files", "threads");

    @ArchTest
    static final ArchRule THREADS = dependsOnlyOn("threads");

    @ArchTest
    static final ArchRule JSON = dependsOnlyOn("json");

    @ArchTest
    static final ArchRule TEXT = dependsOnlyOn("text");

    @ArchTest
    static final ArchRule EVENT_LOG = dependsOnlyOn("eventlog", "cluster", "threads", "text");

    @ArchTest
    static final ArchRule AUDIT = dependsOnlyOn("audit", "json", "files", "text");

    @ArchTest
    static final ArchRule WATCH = dependsOnlyOn("watch", "threads", "cluster", "state");

    @ArchTest
    static final ArchRule PEER = dependsOnlyOn("peer", "json", "security", "text", "watch", "cluster");

    @ArchTest
    static final ArchRule LEFTOVER = dependsOnlyOn("leftover", "text", "state", "threads", "watch", "cluster");

    @ArchTest
    static final ArchRule GUARD = dependsOnlyOn("guard", "text", "watch", "cluster");

    @ArchTest
    static final ArchRule CLEAR =
            dependsOnlyOn("clear", "text", "security", "guard", "watch", "cluster", "audit", "state");

    @ArchTest
    static final ArchRule MANAGEMENT = dependsOnlyOn(
            "management",
            "text",
            "threads",
            "openmbean",
            "security",
            "clear",
            "guard",
            "leftover",
            "peer",
            "watch",
            "cluster",
            "audit");

    @ArchTest
    static final ArchRule METRICS = dependsOnlyOn(
            "metrics", "text", "audit", "threads", "clear", "guard", "leftover", "peer", "watch", "cluster");

    @ArchTest
    static final ArchRule HTTP = dependsOnlyOn(
            "http",
            "threads",
            "json",
            "text",
            "security",
            "metrics",
            "clear",
            "guard",
            "leftover",
            "peer",
            "watch",
            "cluster");

    @ArchTest
    static final ArchRule SERVICE = dependsOnlyOn("service", "threads");

    @ArchTest
    static final ArchRule THE_ENTRY = dependsOnlyOn("agent.entry");

    @ArchTest
    static final ArchRule THE_AGENT_KNOWS_NO_COMMAND_LINE = noClasses()
            .that()
            .resideInAnyPackage(ROOT + "agent", ROOT + "agent.options..", ROOT + "agent.log..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "agent.cli..");

    @ArchTest
    static final ArchRule OPTIONS = dependsOnlyOn("agent.options", "security", "cluster", "files", "text");

    @ArchTest
    static final ArchRule THE_PORT_KNOWS_NO_VENDOR = noClasses()
            .that()
            .resideInAPackage(ROOT + "cluster")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "cluster.windows..", ROOT + "cluster.simulated..");

    @ArchTest
    static final ArchRule JNA_ONLY_WHERE_WINDOWS_IS_CALLED = noClasses()
            .that()
            .resideOutsideOfPackages(
                    ROOT + "cluster.windows..", ROOT + "eventlog..", ROOT + "service..", ROOT + "agent.entry..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    /** So an agent in a host JVM never loads it. */
    @ArchTest
    static final ArchRule PICOCLI_ONLY_IN_THE_COMMAND_LINE = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "agent.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("picocli..");

    @ArchTest
    static final ArchRule JOLOKIA_ONLY_IN_ITS_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "http.jolokia..", ROOT + "json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jolokia..");

    /** The JSON library in Jolokia's jar. */
    @ArchTest
    static final ArchRule THE_JSON_PARSER_ONLY_IN_JSON = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..json.simple.parser..")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleName("JSONValue");

    @ArchTest
    static final ArchRule MICROMETER_ONLY_IN_METRICS = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..");

    /** The package entry cannot use the agent's packages, so it creates its two threads itself. The shutdown hook of our own JVM is not a daemon. */
    @ArchTest
    static final ArchRule ONE_WAY_TO_MAKE_A_THREAD = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "threads..", ROOT + "agent.entry..")
            .and()
            .doNotHaveSimpleName("OrderlyEnd")
            .should()
            .callConstructorWhere(target(owner(assignableTo(Thread.class))))
            .orShould()
            .beAssignableTo(Thread.class);

    /** The host's locale may use other digits and other rules for upper and lower case. */
    @ArchTest
    static final ArchRule NOTHING_FOLLOWS_THE_LOCALE_OF_THE_HOST = noClasses()
            .should()
            .callMethod(String.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(String.class, "formatted", Object[].class)
            .orShould()
            .callMethod(String.class, "toLowerCase")
            .orShould()
            .callMethod(String.class, "toUpperCase")
            .orShould()
            .callMethod(PrintStream.class, "printf", String.class, Object[].class)
            .orShould()
            .callMethod(PrintStream.class, "format", String.class, Object[].class)
            .orShould()
            .callMethod(DateTimeFormatter.class, "ofPattern", String.class)
            .orShould()
            .callMethodWhere(target(owner(assignableTo(Formatter.class))))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Format.class);

    @ArchTest
    static final ArchRule ONLY_THE_ENTRY_ENDS_A_JVM = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "agent.entry..")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);
}
