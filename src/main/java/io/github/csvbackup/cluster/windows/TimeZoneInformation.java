package io.github.csvbackup.cluster.windows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.ZoneOffset;

/**
 * The structure TIME_ZONE_INFORMATION of timezoneapi.h: the bias (4 bytes); then, for standard time and for daylight time each, a name of 32 WCHARs, a
 * date of 16 bytes and an additional bias (4 bytes). Each bias is in minutes, and UTC is local time plus bias.
 */
final class TimeZoneInformation {
    static final int SIZE = 172;
    private static final int STANDARD_BIAS = 84;
    private static final int DAYLIGHT_BIAS = 168;
    private static final int ID_STANDARD = 1;
    private static final int ID_DAYLIGHT = 2;
    private static final int MOST_MINUTES = 18 * 60;

    private TimeZoneInformation() {}

    /**
     * The offset of local time; UTC if the function failed or its answer is not possible: a wrong offset must not stop a poll.
     *
     * @param id the return value of GetTimeZoneInformation
     * @param information at least {@link #SIZE} bytes
     */
    static ZoneOffset offset(int id, byte[] information) {
        ByteBuffer fields = ByteBuffer.wrap(information).order(ByteOrder.LITTLE_ENDIAN);
        if (id < 0 || id > ID_DAYLIGHT) {
            return ZoneOffset.UTC;
        }
        long additional = switch (id) {
            case ID_STANDARD -> fields.getInt(STANDARD_BIAS);
            case ID_DAYLIGHT -> fields.getInt(DAYLIGHT_BIAS);
            default -> 0; // a zone without daylight saving time
        };
        long bias = fields.getInt(0) + additional;
        return Math.abs(bias) > MOST_MINUTES ? ZoneOffset.UTC : ZoneOffset.ofTotalSeconds((int) -bias * 60);
    }
}
