package io.github.csvbackup.peer;

import io.github.csvbackup.json.Json;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A question to the agent of another node.
 *
 * @param id 32 hexadecimal digits, random for each question
 */
record Question(String id, boolean withShadowCopies) {
    static final String OPERATION = "localEvidence";
    static final String MBEAN = "io.github.csvbackup:type=CsvBackupState";
    private static final int BYTES = 16;

    static Question next(SecureRandom random, boolean withShadowCopies) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new Question(HexFormat.of().formatHex(bytes), withShadowCopies);
    }

    /** The request in Jolokia's protocol. */
    String json() {
        return Json.write(new TreeMap<>(Map.of(
                "type", "exec", "mbean", MBEAN, "operation", OPERATION, "arguments", List.of(id, withShadowCopies))));
    }
}
