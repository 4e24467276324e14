package io.github.csvbackup.security;

import io.github.csvbackup.files.FileRefusedException;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** The certificates of a PEM file. */
final class PemCertificates {
    private static final String LABEL = "CERTIFICATE";

    private PemCertificates() {}

    /**
     * All certificates, in the order of the file. Other forms, such as TRUSTED CERTIFICATE of openssl, are refused.
     *
     * @param file the start of error messages
     */
    static List<X509Certificate> of(List<PemBlock> blocks, String file) throws FileRefusedException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (PemBlock block : blocks) {
            if (block.label().equals(LABEL)) {
                certificates.add(certificate(block, file));
            } else if (block.label().endsWith(LABEL)) {
                throw new FileRefusedException(file + " contains a certificate in another form, " + block.label()
                        + ", in line " + block.line() + ". Convert it with openssl x509, which writes " + LABEL + ".");
            }
        }
        return certificates;
    }

    private static X509Certificate certificate(PemBlock block, String file) throws FileRefusedException {
        byte[] bytes = block.bytes(file);
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
        } catch (CertificateException e) {
            throw block.damaged(file, "is not a certificate", e);
        }
    }
}
