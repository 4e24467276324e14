package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.options.GivenValue;
import io.github.csvbackup.agent.options.Options;
import io.github.csvbackup.agent.options.OptionsParser;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import io.github.csvbackup.service.AgentAccount;
import io.github.csvbackup.service.AgentService;
import io.github.csvbackup.service.InstalledService;
import io.github.csvbackup.service.JavaRuntime;
import io.github.csvbackup.service.RuntimeCopy;
import io.github.csvbackup.service.ServiceCommandLine;
import io.github.csvbackup.service.ServiceException;
import io.github.csvbackup.service.ServiceInstaller;
import io.github.csvbackup.service.ServiceManager;
import io.github.csvbackup.service.ServiceSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks everything before it changes anything. */
@Command(
        name = "install",
        sortOptions = false,
        description = {
            "Installs the service, or changes it if it is installed; does not start it.",
            "The service starts with Windows, and again after a failure. The options of the agent are kept in the"
                    + " command line of the service: a second installation replaces all of them."
        },
        footer = {"", "Example: service install --poll-interval=30s"})
final class ServiceInstallCommand implements Callable<Integer> {
    private final CommandContext context;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--java",
            paramLabel = "DIR",
            description = "Folder of the Java that runs the service (default: the Java of this command)")
    private @Nullable String java;

    @Option(
            names = "--copy-java",
            description = "Copies that Java beside the jar, because an update of a JDK moves its folder")
    private boolean copyJava;

    @Option(
            names = "--account",
            paramLabel = "ACCOUNT",
            description = "LocalSystem, or a group managed service account, DOMAIN\\NAME$ (default: LocalSystem, or"
                    + " the account that the service has)")
    private @Nullable String account;

    @Option(
            names = "--java-option",
            paramLabel = "OPTION",
            description = "Option of the JVM, such as -Xmx256m (default: -Xmx128m); may be given several times")
    private List<String> javaOptions = new ArrayList<>();

    @Option(names = "--check", description = "Only checks whether this can be installed, and changes nothing")
    private boolean check;

    private ServiceInstallCommand(CommandContext context) {
        this.context = context;
    }

    static CommandSpec spec(CommandContext context) {
        CommandSpec spec = CommandSpec.forAnnotatedObject(new ServiceInstallCommand(context));
        AgentOptions.addTo(spec);
        return spec;
    }

    @Override
    public Integer call() throws StartException {
        return ServiceCommand.manage(context, (manager, controller) -> install(manager));
    }

    private int install(ServiceManager manager) throws StartException, ServiceException {
        ServiceInstaller installer = new ServiceInstaller(manager, AgentService.NAME);
        manager.requireAdministrator();
        InstalledService before = installer.find();
        String newAccount = account == null ? null : AgentAccount.of(account);
        String effective =
                newAccount != null ? newAccount : before != null ? before.account() : AgentAccount.LOCAL_SYSTEM;
        // The service does not get the variables of this console.
        OptionsParser parser = context.options().withoutVariables();
        Options options = parser.parse(AgentOptions.given(spec), RunCommand.ORIGIN);
        Path givenJar = context.services().jar();
        Path givenHome = javaHome();
        Path jar = real(givenJar);
        Path home = JavaRuntime.realHome(givenHome);
        // First: this command runs the Java with the rights of an administrator.
        String ofFiles = manager.accountName(effective);
        requireSafePlace(ofFiles, List.of(givenJar, jar), List.of(givenHome, home));
        JavaRuntime source = JavaRuntime.of(home);
        RuntimeCopy copies = new RuntimeCopy(Objects.requireNonNull(jar.getParent()));
        JavaRuntime used = copyJava ? copies.place(source) : source;
        List<String> ofJvm = jvmOptions(options.stateDir());
        source.requireAccepted(ofJvm, jar);
        new ServicePorts(context.services(), options).requireFree(before);
        String commandLine = new ServiceCommandLine(
                        used.program(),
                        ofJvm,
                        jar,
                        ServiceOptions.forService(AgentOptions.given(spec), parser, options.stateDir())
                                .arguments())
                .text();
        ServiceStateDirectory directory = new ServiceStateDirectory(context.services(), options.stateDir(), ofFiles);
        if (check) {
            directory.check();
            context.out().println("The service can be installed with these options. Nothing was changed.");
            return ExitCode.OK;
        }
        List<ServiceInstaller.Preparation> preparations = new ArrayList<>();
        if (copyJava) {
            preparations.add(() -> copies.make(source) ? () -> copies.undo(source) : () -> {});
        }
        preparations.add(directory);
        preparations.add(new ServiceEvents(context.services(), before == null));
        ServiceInstaller.Installed installed =
                installer.install(ServiceSettings.ofAgent(commandLine, newAccount), preparations);
        List<Path> kept = new ArrayList<>(List.of(used.home()));
        if (before != null) {
            // Whoever undoes this installation needs it; the next one deletes it.
            ServiceCommandLine.javaHomeIn(before.commandLine()).ifPresent(kept::add);
        }
        List<Path> unused = copies.deleteExcept(kept);
        print(installed, effective, options.stateDir(), unused);
        directory.note().ifPresent(note -> context.out().println("Note: " + note));
        return ExitCode.OK;
    }

    private Path javaHome() throws UsageException {
        return java == null ? context.services().javaHome() : new GivenValue("--java", java).path();
    }

    private List<String> jvmOptions(Path stateDir) throws UsageException {
        for (String option : javaOptions) {
            if (!option.startsWith("-") || option.length() == 1) {
                throw new GivenValue("--java-option", option).invalid("an option of the JVM, such as -Xmx256m");
            }
        }
        return ServiceCommandLine.javaOptions(javaOptions, stateDir.resolve("jvm-crash.log"));
    }

    /** Not a symbolic link, which others might change. */
    private static Path real(Path jar) throws StartException {
        try {
            return jar.toRealPath();
        } catch (IOException e) {
            throw new StartException("The jar " + jar + " cannot be found: " + e + ".", e);
        }
    }

    private void requireSafePlace(String ofFiles, List<Path> jars, List<Path> homes)
            throws StartException, ServiceException {
        try {
            ProgramPlace place = new ProgramPlace(
                    context.services().rightsOfPrograms(ofFiles),
                    context.services().profiles());
            for (Path jar : jars) {
                place.require(jar, "The jar " + jar);
            }
            for (Path home : homes) {
                Path program = JavaRuntime.programIn(home);
                place.require(program, "The Java " + program);
            }
        } catch (IOException e) {
            throw new StartException(e.getMessage() + ". Check the account of the service.", e);
        }
    }

    private void print(ServiceInstaller.Installed installed, String effective, Path stateDir, List<Path> unused) {
        PrintStream out = context.out();
        InstalledService before = installed.before();
        out.println(
                before == null
                        ? "The service " + AgentService.NAME
                                + " has been installed. It starts with Windows; start it now with:" + " service start"
                        : "The service " + AgentService.NAME + " has been changed."
                                + (before.state().isStopped()
                                        ? " Start it with: service start"
                                        : " It runs with its old options until you restart it: service stop, then"
                                                + " service start"));
        out.println("Account: " + effective + (installed.granted() ? "; it got the right to log on as a service" : ""));
        out.println("State directory: " + stateDir);
        for (String setting : installed.lacking()) {
            out.println("Note: this Windows does not have this setting of a service: " + setting + ".");
        }
        for (Path copy : unused) {
            out.println("Note: the copy of Java in " + copy + " is still in use; the next installation deletes it.");
        }
    }
}
