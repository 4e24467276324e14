package io.github.csvbackup.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void whatIsWrittenIsReadAgainInItsOrder() throws Exception {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("z", "C:\\ClusterStorage\\\"Gr\u00fcn\"\n/");
        value.put("a", Arrays.asList(1L, -2.5, true, null, Map.of(), List.of()));

        String text = Json.write(value);

        assertThat(text)
                .isEqualTo("{\"z\":\"C:\\\\ClusterStorage\\\\\\\"Gr\\u00fcn\\\"\\u000a/\","
                        + "\"a\":[1,-2.5,true,null,{},[]]}");
        assertThat(Json.read(text)).isEqualTo(value).asString().startsWith("{z=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "nul", "{\"a\":1} x", "{'a':1}", "[99999999999999999999]"})
    void anythingElseIsNotJson(String text) {
        assertThatExceptionOfType(JsonException.class)
                .isThrownBy(() -> Json.read(text))
                .withMessageStartingWith("not JSON: ");
    }
}
