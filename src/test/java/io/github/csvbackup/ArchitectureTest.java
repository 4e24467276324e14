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
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.PrintStream;
import java.text.Format;
import java.time.format.DateTimeFormatter;
import java.util.Formatter;

/** The arrows of the house: each room sees only those below it. */
@AnalyzeClasses(packages = "io.github.csvbackup", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String HOUSE = "io.github.csvbackup.";

    private static ArchRule seesOnly(String room, String... allowed) {
        String[] packages = new String[allowed.length + 1];
        packages[0] = HOUSE + room + "..";
        for (int i = 0; i < allowed.length; i++) {
            packages[i + 1] = HOUSE + allowed[i] + "..";
        }
        return noClasses()
                .that()
                .resideInAPackage(HOUSE + room + "..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.github.csvbackup..").and(not(resideInAnyPackage(packages))));
    }

    @ArchTest
    static final ArchRule OPEN_MBEANS = seesOnly("openmbean", "security");

    @ArchTest
    static final ArchRule CLUSTER = seesOnly("cluster", "threads", "openmbean");

    @ArchTest
    static final ArchRule FILES = seesOnly("files");

    @ArchTest
    static final ArchRule STATE = seesOnly("state", "files", "threads", "text");

    @ArchTest
    static final ArchRule SECURITY = seesOnly("security", "files", "threads");

    @ArchTest
    static final ArchRule THREADS = seesOnly("threads");

    @ArchTest
    static final ArchRule JSON = seesOnly("json");

    @ArchTest
    static final ArchRule TEXT = seesOnly("text");

    @ArchTest
    static final ArchRule AUDIT = seesOnly("audit", "json", "files", "text");

    @ArchTest
    static final ArchRule WATCH = seesOnly("watch", "threads", "cluster", "state");

    @ArchTest
    static final ArchRule GUARD = seesOnly("guard", "watch", "cluster");

    @ArchTest
    static final ArchRule CLEAR = seesOnly("clear", "text", "security", "guard", "watch", "cluster", "audit", "state");

    @ArchTest
    static final ArchRule MANAGEMENT = seesOnly(
            "management", "text", "threads", "openmbean", "security", "clear", "guard", "watch", "cluster", "audit");

    @ArchTest
    static final ArchRule METRICS =
            seesOnly("metrics", "text", "audit", "threads", "clear", "guard", "watch", "cluster");

    @ArchTest
    static final ArchRule HTTP =
            seesOnly("http", "threads", "json", "text", "security", "metrics", "clear", "guard", "watch", "cluster");

    @ArchTest
    static final ArchRule THE_ENTRY = seesOnly("agent.entry");

    @ArchTest
    static final ArchRule THE_AGENT_KNOWS_NO_COMMAND_LINE = noClasses()
            .that()
            .resideInAnyPackage(HOUSE + "agent", HOUSE + "agent.options..", HOUSE + "agent.log..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(HOUSE + "agent.cli..");

    @ArchTest
    static final ArchRule OPTIONS = seesOnly("agent.options", "security", "cluster", "files");

    @ArchTest
    static final ArchRule THE_PORT_KNOWS_NO_VENDOR = noClasses()
            .that()
            .resideInAPackage(HOUSE + "cluster")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(HOUSE + "cluster.windows..", HOUSE + "cluster.simulated..");

    @ArchTest
    static final ArchRule JNA_ONLY_IN_THE_WINDOWS_BACKEND = noClasses()
            .that()
            .resideOutsideOfPackages(HOUSE + "cluster.windows..", HOUSE + "agent.entry..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.sun.jna..");

    @ArchTest
    static final ArchRule JOLOKIA_ONLY_IN_ITS_PACKAGE = noClasses()
            .that()
            .resideOutsideOfPackages(HOUSE + "http.jolokia..", HOUSE + "json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.jolokia..");

    /** The one that Jolokia's jar holds. */
    @ArchTest
    static final ArchRule THE_JSON_PARSER_ONLY_IN_JSON = noClasses()
            .that()
            .resideOutsideOfPackage(HOUSE + "json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..json.simple.parser..")
            .orShould()
            .dependOnClassesThat()
            .haveSimpleName("JSONValue");

    @ArchTest
    static final ArchRule MICROMETER_ONLY_IN_METRICS = noClasses()
            .that()
            .resideOutsideOfPackage(HOUSE + "metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", "io.prometheus..");

    /** The entry cannot see the agent's rooms, and makes its two by itself; a shutdown hook of our own JVM is not a daemon. */
    @ArchTest
    static final ArchRule ONE_WAY_TO_MAKE_A_THREAD = noClasses()
            .that()
            .resideOutsideOfPackages(HOUSE + "threads..", HOUSE + "agent.entry..")
            .and()
            .doNotHaveSimpleName("OrderlyEnd")
            .should()
            .callConstructorWhere(target(owner(assignableTo(Thread.class))))
            .orShould()
            .beAssignableTo(Thread.class);

    /** The host's locale writes numbers in its own digits, and knows other small and capital letters. */
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
            .resideOutsideOfPackage(HOUSE + "agent.entry..")
            .should()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class);
}
