package io.github.csvbackup.http.page;

import io.github.csvbackup.text.PiecedText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with named places, written as {@code {{name}}}. Immutable. */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

    /** One more than names: before, between and after the places. */
    private final List<PiecedText> between = new ArrayList<>();

    private final List<String> names = new ArrayList<>();

    Template(String text) {
        Matcher place = PLACE.matcher(text);
        int end = 0;
        while (place.find()) {
            between.add(PiecedText.of(text.substring(end, place.start())));
            names.add(place.group(1));
            end = place.end();
        }
        between.add(PiecedText.of(text.substring(end)));
    }

    /** The template in a resource of this package. */
    static Template ofResource(String name) {
        try (InputStream in = Template.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + name + " is missing from the jar");
            }
            return new Template(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The text with these contents in its places.
     *
     * @throws IllegalArgumentException if a place has no content, or a content no place
     */
    PiecedText fill(Map<String, PiecedText> contents) {
        if (names.size() != contents.size() || !contents.keySet().containsAll(names)) {
            throw new IllegalArgumentException("the places are " + names + ", the contents " + contents.keySet());
        }
        List<PiecedText> pieces = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            pieces.add(between.get(i));
            pieces.add(contents.get(names.get(i)));
        }
        pieces.add(between.get(names.size()));
        return PiecedText.join(pieces);
    }
}
