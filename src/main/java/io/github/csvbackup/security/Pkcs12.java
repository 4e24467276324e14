package io.github.csvbackup.security;

import io.github.csvbackup.files.FileRefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;

/** Reads PKCS #12 files. */
public final class Pkcs12 {
    /** With several certificates and long chains; more than any such file has. */
    public static final int LARGEST = 4 * 1024 * 1024;

    private Pkcs12() {}

    /**
     * Reads the content of a file.
     *
     * @param password empty if the file has none
     * @param label the start of error messages: "The file tls-keystore=agent.p12"
     * @param aboutPassword what to do if the password is wrong
     * @throws FileRefusedException if the password is wrong, or the file is damaged
     */
    public static KeyStore load(byte[] bytes, char[] password, String label, String aboutPassword)
            throws FileRefusedException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(bytes), password);
            return store;
        } catch (IOException e) {
            if (e.getCause() instanceof UnrecoverableKeyException) {
                throw new FileRefusedException(label + " does not open with this password. " + aboutPassword, e);
            }
            throw damaged(label, e);
        } catch (GeneralSecurityException | RuntimeException e) {
            // Java's parser meets some damage with such exceptions.
            throw damaged(label, e);
        }
    }

    private static FileRefusedException damaged(String label, Exception e) {
        return new FileRefusedException(
                label + " is damaged, or is not a PKCS #12 file"
                        + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")") + ". Copy or export it again.",
                e);
    }
}
