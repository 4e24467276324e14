package io.github.csvbackup.agent.cli;

import io.github.csvbackup.agent.cli.certificates.CertificateFolder;
import io.github.csvbackup.agent.cli.certificates.Keytool;
import io.github.csvbackup.agent.cli.certificates.NodeNames;
import io.github.csvbackup.agent.options.GivenValue;
import io.github.csvbackup.agent.options.StartException;
import io.github.csvbackup.agent.options.UsageException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** The commands for the certificates of a cluster. */
@Command(
        name = "certificates",
        description = {
            "Creates the certificates with which the nodes of a cluster and their clients identify each other.",
            "'certificates create --help' and 'certificates renew --help' list the options."
        },
        synopsisSubcommandLabel = "create|renew")
final class CertificatesCommand implements Callable<Integer> {
    static CommandLine commandLine(CommandContext context) {
        return new CommandLine(new CertificatesCommand())
                .addSubcommand(new Create(context.out()))
                .addSubcommand(new Renew(context.out()));
    }

    @Override
    public Integer call() throws UsageException {
        throw new UsageException("Choose what to do: certificates create or renew.");
    }

    private static CertificateFolder folder(String out) throws UsageException {
        return new CertificateFolder(new GivenValue("--out", out).path(), Keytool.ofThisJava(), Clock.systemUTC());
    }

    private static void explain(PrintStream out, List<String> lines) {
        lines.forEach(out::println);
        out.println("Copy the files of each node's folder to the agent's state directory on that node. Keep ca.p12 and"
                + " its password off the nodes.");
    }

    @Command(
            name = "create",
            description = "Creates a certificate authority for one cluster, and a certificate for each node. They are"
                    + " valid for ten and for two years.")
    static final class Create implements Callable<Integer> {
        private final PrintStream out;

        @Option(
                names = "--cluster",
                required = true,
                paramLabel = "NAME",
                description = "Name of the cluster, such as HV1")
        private String cluster = "";

        @Option(
                names = "--nodes",
                required = true,
                paramLabel = "NODES",
                description = "Names of all nodes, such as NODE1,NODE2")
        private String nodes = "";

        @Option(
                names = "--domain",
                required = true,
                paramLabel = "DOMAIN",
                description = "DNS domain of the nodes, such as example.com")
        private String domain = "";

        @Option(names = "--out", required = true, paramLabel = "DIR", description = "New folder for the files")
        private String folder = "";

        Create(PrintStream out) {
            this.out = out;
        }

        @Override
        public Integer call() throws StartException {
            String name = NodeNames.cluster(cluster);
            String in = NodeNames.domain(domain);
            List<String> all = NodeNames.nodes(nodes);
            CertificateFolder certificates = folder(folder);
            Path beside = certificates.beside();
            certificates.requireNew();
            try (WorkFolder work = WorkFolder.create(beside, out)) {
                explain(out, certificates.create(name, all, in, work.path()));
            }
            return ExitCode.OK;
        }
    }

    @Command(
            name = "renew",
            description = "Creates new certificates for nodes with the authority of the cluster; also the first one for"
                    + " a new node.")
    static final class Renew implements Callable<Integer> {
        private final PrintStream out;

        @Option(
                names = "--nodes",
                paramLabel = "NODES",
                description = "Names of the nodes; default: all that have a folder in DIR")
        private @Nullable String nodes;

        @Option(
                names = "--out",
                required = true,
                paramLabel = "DIR",
                description = "The folder that certificates create made")
        private String folder = "";

        Renew(PrintStream out) {
            this.out = out;
        }

        @Override
        public Integer call() throws StartException {
            List<String> wanted = nodes == null ? List.of() : NodeNames.nodes(nodes);
            CertificateFolder certificates = folder(folder);
            certificates.requireAuthority();
            try (WorkFolder work = WorkFolder.create(certificates.path(), out)) {
                explain(out, certificates.renew(wanted, work.path()));
            }
            return ExitCode.OK;
        }
    }
}
