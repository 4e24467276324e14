package io.github.csvbackup.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeNamesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NODE1 | NODE1",
                "NODE1,NODE4 | NODE1 and NODE4",
                "NODE1,NODE2 | NODE1 and NODE2",
                "NODE1,NODE2,NODE3 | NODE1 to NODE3",
                "NODE8,NODE9,NODE10,NODE11 | NODE8 to NODE11",
                "A,B,C | 3 nodes: A, B, C",
                "N1,N2,N3,X,N7 | 5 nodes: N1 to N3, X, N7",
                "A,B,C,D,E,F | 6 nodes: A, B, C and others",
                "N01,N02,N03 | N01 to N03",
                "N09,N10 | N09 and N10",
                "N08,N09,N10 | N08 to N10",
                "N8,N9,N10 | N8 to N10",
                "N08,N9,N10 | 3 nodes: N08, N9, N10",
                "N09,N010,N011 | 3 nodes: N09, N010, N011",
                "PRODUCTION-HV02,PRODUCTION-HV04,PRODUCTION-HV06 | 3 nodes: PRODUCTION-HV02, PRODUCTION-HV04, PRODUCTION-HV06",
                "PRODUCTION-HV02,PRODUCTION-HV04,PRODUCTION-HV06,X | 4 nodes: PRODUCTION-HV02, PRODUCTION-HV04 and others",
                "HV-1,HV-2,HV-3 | HV-1 to HV-3"
            })
    void namesManyInFewWords(String nodes, String expected) {
        assertThat(NodeNames.of(List.of(nodes.split(",")), 100)).isEqualTo(expected);
    }

    @Test
    void mostNodesOfTheClusterAreCounted() {
        List<String> even = IntStream.rangeClosed(1, 20)
                .mapToObj(number -> "N" + 2 * number)
                .toList();

        assertThat(NodeNames.of(even, 39)).isEqualTo("20 of 39 nodes");
        assertThat(NodeNames.of(even, 40)).isEqualTo("20 nodes: N2, N4, N6 and others");
        assertThat(NodeNames.of(even.subList(0, 9), 10)).isEqualTo("9 nodes: N2, N4, N6 and others");
    }

    @Test
    void allNodesOfTheClusterAreNotNamed() {
        List<String> nodes =
                IntStream.rangeClosed(1, 64).mapToObj(number -> "NODE" + number).toList();

        assertThat(NodeNames.of(nodes, 64)).isEqualTo("all 64 nodes");
        assertThat(NodeNames.of(List.of("NODE1"), 1)).isEqualTo("NODE1");
        assertThat(NodeNames.of(List.of("NODE1", "NODE2"), 2)).isEqualTo("NODE1 and NODE2");
    }
}
