package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceInstallerTest {
    private static final String NAME = AgentService.NAME;
    private static final String OLD = "\"C:\\java.exe\" -jar C:\\agent.jar service run --port=1";
    private static final String NEW = "\"C:\\java.exe\" -jar C:\\agent.jar service run --port=2";
    private static final ServiceState STOPPED = new ServiceState(ServiceState.STOPPED, 0, 0, 0);

    private final StubServiceManager manager = new StubServiceManager();
    private final ServiceInstaller installer = new ServiceInstaller(manager, NAME);
    private final List<String> prepared = new ArrayList<>();

    private List<ServiceInstaller.Preparation> preparations() {
        return List.of(preparation("java"), preparation("directory"));
    }

    private ServiceInstaller.Preparation preparation(String name) {
        return () -> {
            prepared.add(name);
            return () -> prepared.remove(name);
        };
    }

    private ServiceInstaller.Installed install(String commandLine, @Nullable String account) throws ServiceException {
        return installer.install(ServiceSettings.ofAgent(commandLine, account), preparations());
    }

    @Test
    void installsAServiceThatRecoversAndStartsLate() throws ServiceException {
        ServiceInstaller.Installed installed = install(NEW, null);

        assertThat(installed.before()).isNull();
        assertThat(manager.service(NAME).commandLine()).isEqualTo(NEW);
        assertThat(manager.configured)
                .isEqualTo(new ServiceSettings(
                        NEW,
                        null,
                        "CSV backup agent",
                        AgentService.DESCRIPTION,
                        true,
                        List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(5)),
                        Duration.ofDays(1),
                        true,
                        Duration.ofMinutes(1)));
        assertThat(prepared).containsExactly("java", "directory");
        assertThat(manager.calls).containsExactly("requireAdministrator", "create", "configure");
    }

    @Test
    void aSecondInstallationChangesTheFirst() throws ServiceException {
        manager.put(NAME, OLD, "DOMAIN\\admin", STOPPED);

        ServiceInstaller.Installed installed = install(NEW, null);

        assertThat(installed.before().commandLine()).isEqualTo(OLD);
        assertThat(manager.service(NAME))
                .as("an account that was set in services.msc stays")
                .isEqualTo(new InstalledService(NEW, "DOMAIN\\admin", AgentService.DISPLAY_NAME, STOPPED));
        assertThat(manager.calls).containsExactly("requireAdministrator", "configure", "change");
    }

    @Test
    void aManagedAccountGetsTheRightToLogOn() throws ServiceException {
        assertThat(install(NEW, "DOMAIN\\agent$").granted()).isTrue();

        assertThat(manager.granted).containsExactly("DOMAIN\\agent$");
        assertThat(manager.requestedAccount).isEqualTo("DOMAIN\\agent$");
    }

    @Test
    void localSystemNeedsNoRight() throws ServiceException {
        assertThat(install(NEW, AgentAccount.LOCAL_SYSTEM).granted()).isFalse();

        assertThat(manager.granted).isEmpty();
    }

    @Test
    void aServiceOfAnotherProgramStays() {
        manager.put(NAME, "C:\\other.exe", "LocalSystem", STOPPED);

        assertThatThrownBy(() -> install(NEW, null))
                .isInstanceOf(ServiceException.class)
                .hasMessageStartingWith(
                        "There is a service CsvBackupAgent that is not this agent: it runs C:\\other.exe.");

        assertThat(manager.service(NAME).commandLine()).isEqualTo("C:\\other.exe");
        assertThat(prepared).isEmpty();
    }

    @Test
    void anotherAccountThanAnAdministratorChangesNothing() {
        manager.fail("requireAdministrator", 5);

        assertThatThrownBy(() -> install(NEW, null))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("Run this command as an administrator");

        assertThat(prepared).isEmpty();
        assertThat(manager.service(NAME)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "configure", "grantLogon"})
    void aFailedInstallationLeavesNothing(String step) {
        manager.fail(step, 1450);

        assertThatThrownBy(() -> install(NEW, "DOMAIN\\agent$"))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("1450");

        assertThat(prepared).isEmpty();
        assertThat(manager.granted).isEmpty();
        assertThat(manager.service(NAME)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"change", "configure", "grantLogon"})
    void aFailedChangeLeavesTheServiceAsItWas(String step) {
        manager.put(NAME, OLD, "LocalSystem", STOPPED);
        manager.fail(step, 1450);

        assertThatThrownBy(() -> install(NEW, "DOMAIN\\agent$")).isInstanceOf(ServiceException.class);

        assertThat(manager.service(NAME))
                .isEqualTo(new InstalledService(OLD, "LocalSystem", AgentService.DISPLAY_NAME, STOPPED));
        assertThat(prepared).isEmpty();
        assertThat(manager.granted).isEmpty();
    }

    @Test
    void aFailedPreparationUndoesThoseBeforeIt() {
        ServiceInstaller.Preparation failing = () -> {
            throw new ServiceException("There is not enough room.");
        };

        assertThatThrownBy(() ->
                        installer.install(ServiceSettings.ofAgent(NEW, null), List.of(preparation("java"), failing)))
                .hasMessage("There is not enough room.");

        assertThat(prepared).isEmpty();
        assertThat(manager.service(NAME)).isNull();
    }

    @Test
    void saysWhatThisWindowsDoesNotHave() throws ServiceException {
        manager.lacking = List.of("the delayed start");

        assertThat(install(NEW, null).lacking()).containsExactly("the delayed start");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DOMAIN\\admin", "admin", ".\\admin", "$", "DOMAIN\\$", "agent$", "A\\B\\c$"})
    void anAccountWithAPasswordBelongsIntoServicesMsc(String account) {
        assertThatThrownBy(() -> AgentAccount.of(account))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("set an account with a password in services.msc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LocalSystem", "localsystem", ".\\LocalSystem", "NT AUTHORITY\\SYSTEM"})
    void localSystemHasSeveralNames(String account) throws ServiceException {
        assertThat(AgentAccount.of(account)).isEqualTo("LocalSystem");
    }

    @Test
    void aManagedAccountIsTakenAsItIs() throws ServiceException {
        assertThat(AgentAccount.of("DOMAIN\\agent$")).isEqualTo("DOMAIN\\agent$");
    }
}
