package io.github.csvbackup.management;

import io.github.csvbackup.cluster.Finding;

/**
 * One check of the self test as clients see it.
 *
 * @param check what was checked
 * @param result OK, WARNING, FAILED or UNKNOWN
 * @param detail what was seen
 * @param remedy what to do; empty if nothing
 */
public record FindingView(String check, String result, String detail, String remedy) {
    static FindingView of(Finding finding) {
        return new FindingView(finding.check(), finding.result().name(), finding.detail(), finding.remedy());
    }
}
