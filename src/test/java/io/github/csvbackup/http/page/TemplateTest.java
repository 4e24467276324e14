package io.github.csvbackup.http.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.csvbackup.text.PiecedText;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
    private static PiecedText text(String text) {
        return PiecedText.of(text);
    }

    @Test
    void aContentIsNotATemplate() {
        Template template = new Template("<{{one}}, {{two}}>");

        assertThat(template.fill(Map.of("one", text("{{two}}"), "two", text("$1"))))
                .hasToString("<{{two}}, $1>");
    }

    @Test
    void eachPlaceNeedsAContentAndEachContentAPlace() {
        Template template = new Template("{{one}}");

        assertThatThrownBy(() -> template.fill(Map.of())).hasMessage("the places are [one], the contents []");
        assertThatThrownBy(() -> template.fill(Map.of("two", text("")))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aMissingResourceIsNamed() {
        assertThatThrownBy(() -> Template.ofResource("none.html"))
                .hasMessage("the resource none.html is missing from the jar");
    }
}
