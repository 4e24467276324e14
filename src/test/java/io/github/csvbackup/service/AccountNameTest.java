package io.github.csvbackup.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.jna.Native;
import java.lang.reflect.Proxy;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A German Windows: it finds no account by an English name. */
class AccountNameTest {
    private static final String GERMAN = "NT-AUTORIT\u00c4T";
    private static final Map<String, String> NAMES = Map.of(
            "010100000000000512000000", "SYSTEM",
            "010100000000000513000000", "LOKALER DIENST",
            "010100000000000514000000", "NETZWERKDIENST");

    private boolean fails;

    private final Advapi32 api = (Advapi32) Proxy.newProxyInstance(
            Advapi32.class.getClassLoader(),
            new Class<?>[] {Advapi32.class},
            (proxy, method, arguments) ->
                    method.getName().equals("LookupAccountSid") && isFound((byte[]) arguments[1], arguments));

    private boolean isFound(byte[] sid, Object[] arguments) {
        String name = NAMES.get(HexFormat.of().formatHex(sid));
        if (fails || name == null) {
            Native.setLastError(1332);
            return false;
        }
        name.getChars(0, name.length(), (char[]) arguments[2], 0);
        GERMAN.getChars(0, GERMAN.length(), (char[]) arguments[4], 0);
        return true;
    }

    @ParameterizedTest
    @CsvSource({
        "LocalSystem, SYSTEM",
        "localsystem, SYSTEM",
        "NT AUTHORITY\\LocalService, LOKALER DIENST",
        "NT Authority\\NetworkService, NETZWERKDIENST"
    })
    void anAccountOfWindowsHasItsNameInWindowsLanguage(String account, String name) throws ServiceException {
        assertThat(AccountName.of(api, account, "NODE1")).isEqualTo(GERMAN + "\\" + name);
    }

    /** services.msc writes a dot in place of the machine. */
    @Test
    void anAccountOfThisMachineHasItsName() throws ServiceException {
        assertThat(AccountName.of(api, ".\\backup", "NODE1")).isEqualTo("NODE1\\backup");
        assertThat(AccountName.of(api, ".\\backup", null)).isEqualTo(".\\backup");
    }

    @Test
    void anotherAccountIsNotChanged() throws ServiceException {
        assertThat(AccountName.of(api, "EXAMPLE\\agent$", "NODE1")).isEqualTo("EXAMPLE\\agent$");
        assertThat(AccountName.of(api, "backup@example.com", "NODE1")).isEqualTo("backup@example.com");
    }

    @Test
    void aNameThatWindowsDoesNotTellIsReported() {
        fails = true;

        assertThatThrownBy(() -> AccountName.of(api, "LocalSystem", "NODE1"))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("1332");
    }
}
