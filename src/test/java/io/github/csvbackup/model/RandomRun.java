package io.github.csvbackup.model;

import static org.assertj.core.api.Assertions.fail;

import io.github.csvbackup.model.RandomStories.Form;

/** Random stories of the chosen seed against the correct agent. */
final class RandomRun {
    private RandomRun() {}

    /**
     * Fails with the shortest story that breaks a promise.
     *
     * @param form of the stories
     * @param from the number of the first story
     * @param to the number after the last story
     */
    static void promisesHold(Form form, int from, int to) {
        long seed = Seed.chosen();
        System.out.println("model: stories " + from + " to " + (to - 1) + " of the form " + form + " of seed " + seed
                + "; repeat them with " + Seed.option(seed));
        String failure = new Trial(Bug.NONE, Promises.Scope.EVERYTHING).firstFailure(seed, form, from, to);
        if (failure != null) {
            fail(failure);
        }
    }
}
