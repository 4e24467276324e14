package io.github.csvbackup.model;

import io.github.csvbackup.model.RandomStories.Form;
import org.jspecify.annotations.Nullable;

/**
 * Plays stories in new worlds, and finds the shortest story that breaks a promise.
 *
 * @param bug the bug planted in each world
 */
record Trial(Bug bug, Promises.Scope scope) {
    /** The first promise that the story breaks; null if all hold. */
    @Nullable
    String play(Story story) {
        World world = new World(bug, scope);
        for (Step step : story.steps()) {
            world.play(step);
            if (world.brokenPromise() != null) {
                return world.brokenPromise();
            }
        }
        world.end();
        return world.brokenPromise();
    }

    /**
     * Plays the random stories of a seed up to the first that breaks a promise.
     *
     * @param form of the stories
     * @param from the number of the first story
     * @param to the number after the last story
     * @return what to report: the promise, the shortest story that breaks it, and how to repeat it; null if all hold
     */
    @Nullable
    String firstFailure(long seed, Form form, int from, int to) {
        RandomStories stories = new RandomStories(seed, form);
        stories.skip(from);
        for (int number = from; number < to; number++) {
            Story story = stories.next();
            if (play(story) != null) {
                Story shortest = shorten(story);
                return play(shortest) + "\nafter the steps " + shortest + "\n(story " + number
                        + ", shortened; repeat it with " + Seed.option(seed) + ")";
            }
        }
        return null;
    }

    /** Removes the steps that the story does not need to break a promise. */
    private Story shorten(Story story) {
        Story shortest = story;
        for (int size = Math.max(1, story.length() / 2); size >= 1; size /= 2) {
            for (int at = 0; at < shortest.length(); ) {
                Story shorter = shortest.without(at, Math.min(shortest.length(), at + size));
                if (play(shorter) != null) {
                    shortest = shorter;
                } else {
                    at += size;
                }
            }
        }
        return shortest;
    }
}
