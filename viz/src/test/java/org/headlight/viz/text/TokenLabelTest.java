package org.headlight.viz.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

class TokenLabelTest {

    static List<Arguments> tokens() {
        return List.of(
                Arguments.of(" castle", "·castle"),
                Arguments.of("a  b", "a··b"),
                Arguments.of("\n\n", "↵↵"),
                Arguments.of("\t", "⇥"),
                Arguments.of("\r\n", "␍↵"),
                Arguments.of("<0xE2>", "<0xE2>"),
                Arguments.of("", "∅"),
                Arguments.of("\u200b", "<U+200B>"),
                Arguments.of("\u00a0x", "<U+00A0>x"),
                Arguments.of("\u202eabc", "<U+202E>abc"),
                Arguments.of("日本", "日本"),
                Arguments.of("👩\u200d🔬", "👩\u200d🔬"));
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void nothingOfATokenIsInvisible(String text, String shown) {
        assertThat(TokenLabel.of(new Token(3, 7, text, false)).text()).isEqualTo(shown);
    }

    @Test
    void longTokensEndInAnEllipsis() {
        assertThat(TokenLabel.of(new Token(0, 1, " preposterous", false), 6).text())
                .isEqualTo("·prep…");
        assertThat(TokenLabel.of(new Token(0, 1, "👍👍👍", false), 2).text()).isEqualTo("👍…");
        assertThat(TokenLabel.of(new Token(0, 1, "abc", false), 3).text()).isEqualTo("abc");
    }

    @Test
    void equalTokensAreToldApartByTheirIndex() {
        TokenLabel first = TokenLabel.of(new Token(4, 9, " the", false));
        TokenLabel second = TokenLabel.of(new Token(12, 9, " the", false));
        assertThat(first).isNotEqualTo(second);
        assertThat(first.indexed()).isEqualTo("4 ·the");
        assertThat(second.indexed()).isEqualTo("12 ·the");
    }

    @Test
    void specialTokensStayAsTheyAre() {
        TokenLabel label = TokenLabel.of(new Token(0, 1, "<s>", true));
        assertThat(label.special()).isTrue();
        assertThat(label.text()).isEqualTo("<s>");
    }
}
