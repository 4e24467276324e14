package io.github.csvbackup.agent.options;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks the options of an agent that is one node of a simulated cluster. They belong together. */
final class SimulatedOptions {
    private static final List<Option> NEED_A_JOIN = List.of(Option.NODE, Option.SIMULATED_TOKEN_FILE);
    private static final List<Option> OF_THE_HOLDER =
            List.of(Option.SIMULATED_NODES, Option.SIMULATED_VOLUMES, Option.SIMULATED_REMOTE_ACCESS);
    private static final String LOOPBACK = "http://(127(\\.[0-9]{1,3}){3}|localhost|\\[::1]):[0-9]{1,5}/?";

    private SimulatedOptions() {}

    /** Null if this agent is not a node of another agent's cluster. */
    static @Nullable SimulatedJoin join(Map<Option, GivenValue> all) throws UsageException {
        GivenValue holder = OptionsParser.value(all, Option.SIMULATED_JOIN);
        if (holder.text().isEmpty()) {
            for (Option option : NEED_A_JOIN) {
                GivenValue value = OptionsParser.value(all, option);
                if (!value.text().isEmpty()) {
                    throw new UsageException(value + " has no effect without simulated-join=http://127.0.0.1:PORT.");
                }
            }
            return null;
        }
        for (Option option : NEED_A_JOIN) {
            if (OptionsParser.value(all, option).text().isEmpty()) {
                throw new UsageException(holder + " needs " + option.key() + "=" + option.valueLabel() + ".");
            }
        }
        for (Option option : OF_THE_HOLDER) {
            GivenValue value = OptionsParser.value(all, option);
            if (!value.isDefault()) {
                throw new UsageException(value + " has no effect with simulated-join: the agent that holds the cluster"
                        + " decides it.");
            }
        }
        if (!holder.text().matches(LOOPBACK)) {
            throw holder.invalid("the address of an agent on this machine, such as http://127.0.0.1:8778");
        }
        String url = holder.text();
        return new SimulatedJoin(
                URI.create(url.endsWith("/") ? url : url + "/"),
                OptionsParser.value(all, Option.NODE).text(),
                OptionsParser.value(all, Option.SIMULATED_TOKEN_FILE).path());
    }
}
