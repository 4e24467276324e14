package io.github.csvbackup.agent.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ShorteningTest {
    @Test
    void namesWhatIsNotShown() throws Exception {
        String answer = """
                {"request":{"type":"exec"},"value":{"outcome":"REFUSED","win32Code":null,"checks":[\
                {"name":"state-set","result":"PASSED"},{"name":"vss","result":"UNKNOWN","seen":"a/b \\"C:\\\\x\\""},\
                {"name":"fresh","result":"PASSED"}]},"timestamp":1,"status":200}""";

        assertThat(PrettyJson.pretty(Shortening.of(PrettyJson.object(answer), "C:\\V1")))
                .isEqualTo("""
                        {
                          "value": {
                            "outcome": "REFUSED",
                            "win32Code": null,
                            "checks": [
                              {
                                "name": "vss",
                                "result": "UNKNOWN",
                                "seen": "a/b \\"C:\\\\x\\""
                              },
                              ... 2 more checks, all PASSED
                            ]
                          },
                          "status": 200,
                          ... left out: request, timestamp
                        }""");
    }

    @Test
    void showsTheStorysVolumeAndCountsTheOthers() throws Exception {
        String answer = "{\"value\":[{\"volume\":\"C:\\\\V1\"},{\"volume\":\"C:\\\\V10\"},{\"volume\":\"C:\\\\V2\"}]}";

        assertThat(PrettyJson.pretty(Shortening.of(PrettyJson.object(answer), "C:\\V1")))
                .isEqualTo("""
                        {
                          "value": [
                            {
                              "volume": "C:\\\\V1"
                            },
                            ... 2 more volumes
                          ]
                        }""");
    }

    @Test
    void whatIsNoJsonIsSaid() {
        assertThatThrownBy(() -> PrettyJson.object("<html>"))
                .isInstanceOf(IOException.class)
                .hasMessage("the answer is not JSON: <html>");
        assertThatThrownBy(() -> PrettyJson.object("[]"))
                .isInstanceOf(IOException.class)
                .hasMessage("the answer is not a JSON object: []");
    }
}
