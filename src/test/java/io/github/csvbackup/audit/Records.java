package io.github.csvbackup.audit;

import java.util.LinkedHashMap;
import java.util.Map;

/** Lines of an audit that a test keeps in memory. */
public final class Records {
    private Records() {}

    public static AuditRecord asRead(AuditLine line) {
        Map<String, Object> fields = new LinkedHashMap<>(line.fields());
        fields.put("id", line.id());
        fields.put("kind", line.kind());
        fields.put("at", line.at().toString());
        return new AuditRecord(fields);
    }
}
