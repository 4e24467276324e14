package io.github.csvbackup.bench;

import java.util.ArrayList;
import java.util.List;

/** What repeated measurements gave. */
final class Values {
    private final List<Double> all = new ArrayList<>();

    static Values of(double... values) {
        Values made = new Values();
        for (double value : values) {
            made.add(value);
        }
        return made;
    }

    void add(double value) {
        all.add(value);
    }

    int count() {
        return all.size();
    }

    double median() {
        return quantile(0.5);
    }

    /** The value that this part of all is not above; NaN if there are none. */
    double quantile(double part) {
        if (all.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = all.stream().sorted().toList();
        double at = part * (sorted.size() - 1);
        double below = sorted.get((int) Math.floor(at));
        double above = sorted.get((int) Math.ceil(at));
        return below + (above - below) * (at - Math.floor(at));
    }

    /** The median, and where the middle half lies. */
    String text(Unit unit) {
        if (all.size() < 2) {
            return unit.text(median());
        }
        return unit.text(median()) + " (" + unit.bare(quantile(0.25)) + " to " + unit.bare(quantile(0.75)) + ")";
    }
}
