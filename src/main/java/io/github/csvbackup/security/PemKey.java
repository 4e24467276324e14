package io.github.csvbackup.security;

import io.github.csvbackup.files.FileRefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A PEM file with an unencrypted PKCS #8 key, its certificate, and the certificates of the authorities that signed it. */
final class PemKey {
    private static final String KEY = "PRIVATE KEY";
    private static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";

    /** The kinds of keys, each with a signature that a key can make. */
    private static final Map<String, String> SIGNATURES =
            Map.of("EC", "SHA256withECDSA", "RSA", "SHA256withRSA", "EdDSA", "EdDSA");

    private static final byte[] SIGNED = "a text that only the key can sign".getBytes(StandardCharsets.US_ASCII);

    private static final String USABLE =
            "Use an RSA key or one with the elliptic curve P-256, P-384 or P-521 (before Java 22,"
                    + " the latter needs the module jdk.crypto.ec).";

    private PemKey() {}

    /**
     * Reads a file.
     *
     * @param path for the commands in messages
     * @param file the start of error messages
     * @return a keystore in memory, whose only key has an empty password
     * @throws FileRefusedException says what is missing or damaged, and what to do
     */
    static KeyStore load(String content, Path path, String file) throws FileRefusedException {
        List<PemBlock> blocks = PemBlock.of(content, file);
        PrivateKey key = key(blocks, path, file);
        requireUsable(key, file);
        List<X509Certificate> chain = chain(key, PemCertificates.of(blocks, file), file);
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("agent", key, new char[0], chain.toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new FileRefusedException(file + " cannot be used: " + e.getMessage() + ".", e);
        }
    }

    private static PrivateKey key(List<PemBlock> blocks, Path path, String file) throws FileRefusedException {
        List<PemBlock> keys =
                blocks.stream().filter(block -> block.label().endsWith(KEY)).toList();
        if (keys.isEmpty()) {
            throw new FileRefusedException(file + " contains no private key, only: "
                    + blocks.stream().map(PemBlock::label).distinct().collect(Collectors.joining(", "))
                    + ". Add the key of the certificate, in PKCS #8.");
        }
        if (keys.size() > 1) {
            throw new FileRefusedException(
                    file + " contains " + keys.size() + " private keys. Keep the one of the certificate.");
        }
        PemBlock block = keys.get(0);
        if (!block.label().equals(KEY)) {
            throw new FileRefusedException(file
                    + (block.label().equals(ENCRYPTED_KEY)
                            ? " contains an encrypted private key; expected an unencrypted one."
                            : " contains a private key in the old form " + block.label() + "; expected PKCS #8.")
                    + " Write the key to another file with: openssl pkey -in \"" + path + "\" -out key.pem"
                    + " and put it in place of the old key.");
        }
        byte[] bytes = block.bytes(file);
        return SIGNATURES.keySet().stream()
                .flatMap(kind -> parsed(kind, bytes).stream())
                .findFirst()
                .orElseThrow(() -> new FileRefusedException(
                        file + " contains a damaged private key, or one of a kind that this Java does not support. "
                                + USABLE));
    }

    /** Empty if it is a key of another kind. */
    private static Optional<PrivateKey> parsed(String kind, byte[] pkcs8) {
        try {
            return Optional.of(KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    /** The certificate of the key, and those of its issuers as far as they are in the file, whatever their order there. */
    private static List<X509Certificate> chain(PrivateKey key, List<X509Certificate> all, String file)
            throws FileRefusedException {
        if (all.isEmpty()) {
            throw new FileRefusedException(
                    file + " contains a private key without its certificate. Add the certificate, in PEM.");
        }
        X509Certificate own = all.stream()
                .filter(certificate -> fits(key, certificate.getPublicKey()))
                .findFirst()
                .orElseThrow(() -> new FileRefusedException(file
                        + " contains a private key that does not belong to its certificate. Use the key with which the"
                        + " certificate was requested."));
        List<X509Certificate> chain = new ArrayList<>(List.of(own));
        List<X509Certificate> rest = new ArrayList<>(all);
        rest.remove(own);
        Optional<X509Certificate> next = issuer(own, rest);
        while (next.isPresent()) {
            chain.add(next.get());
            rest.remove(next.get());
            next = issuer(next.get(), rest);
        }
        return chain;
    }

    private static Optional<X509Certificate> issuer(X509Certificate of, List<X509Certificate> rest) {
        return rest.stream()
                .filter(other -> other.getSubjectX500Principal().equals(of.getIssuerX500Principal()))
                .findFirst();
    }

    private static Signature signature(PrivateKey key) throws GeneralSecurityException {
        String name = SIGNATURES.get(key.getAlgorithm());
        if (name == null) {
            throw new NoSuchAlgorithmException("keys of the kind " + key.getAlgorithm());
        }
        return Signature.getInstance(name);
    }

    private static byte[] sign(PrivateKey key) throws GeneralSecurityException {
        Signature signing = signature(key);
        signing.initSign(key);
        signing.update(SIGNED);
        return signing.sign();
    }

    /** Java reads keys of some curves, such as secp256k1, with which it cannot sign. */
    private static void requireUsable(PrivateKey key, String file) throws FileRefusedException {
        try {
            sign(key);
        } catch (GeneralSecurityException e) {
            throw new FileRefusedException(
                    file + " contains a private key with which this Java cannot sign (" + e.getMessage() + "). "
                            + USABLE,
                    e);
        }
    }

    private static boolean fits(PrivateKey key, PublicKey certified) {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        try {
            byte[] made = sign(key);
            Signature signing = signature(key);
            signing.initVerify(certified);
            signing.update(SIGNED);
            return signing.verify(made);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
