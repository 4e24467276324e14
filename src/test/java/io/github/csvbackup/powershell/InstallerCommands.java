package io.github.csvbackup.powershell;

import java.nio.file.Path;
import java.util.List;

/** The command lines that the installer's scripts send to the agent, for a test that runs them with the agent's service on a real service manager. */
public final class InstallerCommands {
    private InstallerCommands() {}

    /**
     * Installs, installs again with another port, and removes, on a played node.
     *
     * @param java replaces the folder of the played Java in the arguments
     * @return for each call its arguments, which begin with {@code service}
     */
    public static List<List<String>> of(Path folder, int port, int otherPort, String java) throws Exception {
        try (PlayedNode node = PlayedNode.in(folder)) {
            PlayedNode.assertWorked(node.install("-AgentOption 'port=" + port
                    + "', 'poll-interval=200ms' -JavaOption '-Xmx100m', '-Dlab=a (b) & c'"));
            PlayedNode.assertWorked(node.installBare("-AgentOption 'port=" + otherPort + "', 'poll-interval=300ms'"));
            node.uninstall("");
            return node.arguments().stream()
                    .map(call -> call.stream()
                            .map(argument ->
                                    argument.replace(node.path("jdk-17").toString(), java))
                            .toList())
                    .toList();
        }
    }
}
