package io.github.csvbackup.model;

import io.github.csvbackup.guard.Check;
import io.github.csvbackup.guard.CheckResult;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/** A bug of the guard: what passed for one volume of a request passes for the others. */
final class AnotherVolumesEvidence implements Predicate<Check> {
    private final String checkName;
    private final Set<String> passed = new HashSet<>();

    /** @param checkName the check that has the bug; empty for none */
    AnotherVolumesEvidence(String checkName) {
        this.checkName = checkName;
    }

    void requestBegins() {
        passed.clear();
    }

    @Override
    public boolean test(Check check) {
        if (checkName.isEmpty() || !Bug.isNamed(checkName, check)) {
            return false;
        }
        if (check.result() == CheckResult.PASSED) {
            passed.add(check.name());
        }
        return passed.contains(check.name());
    }
}
