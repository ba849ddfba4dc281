package org.headlight.analysis.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.headlight.analysis.greedy.GuessAndCheck;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToIntFunction;

/** Guessing ahead writes what decoding one by one writes. */
class MaskedWriterTest {
    private static final int WORDS = 12;
    private static final int MOST = 30;

    private final WordTokenizer tokenizer = new WordTokenizer();

    MaskedWriterTest() {
        for (int i = 1; i <= WORDS; i++) {
            tokenizer.id(" w" + i);
        }
    }

    /** Depends on the last three tokens; now and then it ends. */
    private static ToIntFunction<List<Integer>> script(long seed) {
        return before -> {
            int from = Math.max(0, before.size() - 3);
            int hash = Objects.hash(seed, before.subList(from, before.size()));
            return Math.floorMod(hash * 31 + (hash >>> 7), WORDS + 1);
        };
    }

    private static List<Integer> oneByOne(
            ToIntFunction<List<Integer>> script, List<Token> prompt, int most) {
        List<Integer> all = new ArrayList<>(prompt.stream().map(Token::id).toList());
        List<Integer> response = new ArrayList<>();
        do {
            int next = script.applyAsInt(all);
            all.add(next);
            response.add(next);
        } while (response.size() < most && response.getLast() != 0);
        return response;
    }

    private GuessAndCheck.Written write(
            ScriptedModel model, List<Token> prompt, List<Integer> guess, int most) {
        return new MaskedWriter(model, List.of(HeadAddress.self(0, 1)), MaskPhase.DECODE)
                .write(prompt, guess, most, id -> id == 0, Progress.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void whateverIsGuessedTheTokensAreThoseOfOneByOne(long seed) {
        Random random = new Random(seed);
        List<Token> prompt = tokenizer.encode(" w1 w" + (1 + random.nextInt(WORDS)) + " w3");
        List<Integer> wanted = oneByOne(script(seed), prompt, MOST);
        List<Integer> noise = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            noise.add(random.nextInt(WORDS));
        }
        List<Integer> halfRight = new ArrayList<>(wanted.subList(0, wanted.size() / 2));
        halfRight.addAll(noise);
        for (List<Integer> guess : List.of(List.<Integer>of(), noise, halfRight, wanted)) {
            ScriptedModel model =
                    new ScriptedModel(tokenizer, script(seed + 99)).masked(script(seed));
            GuessAndCheck.Written written = write(model, prompt, guess, MOST);
            assertThat(written.ids()).isEqualTo(wanted);
            assertThat(written.passes()).isEqualTo(model.runs()).isBetween(1, wanted.size());
        }
    }

    @Test
    void aRightGuessTakesOneRun() {
        List<Token> prompt = tokenizer.encode(" w1 w2");
        List<Integer> wanted = oneByOne(script(3), prompt, MOST);
        ScriptedModel model = new ScriptedModel(tokenizer, script(3));
        assertThat(write(model, prompt, wanted, MOST).passes()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void theResponseIsNoLongerThanAllowed(int most) {
        List<Token> prompt = tokenizer.encode(" w1 w2");
        ScriptedModel model = new ScriptedModel(tokenizer, before -> 4);
        assertThat(write(model, prompt, List.of(4, 4, 4, 4, 4, 4, 4), most).ids()).hasSize(most);
    }

    @Test
    void eachRunIsSomeProgress() {
        List<Token> prompt = tokenizer.encode(" w1 w2");
        ScriptedModel model = new ScriptedModel(tokenizer, before -> before.size() % WORDS + 1);
        List<Double> fractions = new ArrayList<>();
        List<String> stages = new ArrayList<>();
        Progress progress =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {
                        fractions.add(fraction);
                        stages.add(stage);
                    }

                    @Override
                    public boolean cancelled() {
                        return false;
                    }
                };
        MaskedWriter writer =
                new MaskedWriter(model, List.of(HeadAddress.self(0, 1)), MaskPhase.ALL);
        GuessAndCheck.Written written =
                writer.write(prompt, List.of(9), MOST, id -> id == 0, progress);
        assertThat(written.passes()).isGreaterThan(2);
        assertThat(fractions).hasSize(written.passes()).startsWith(0.0, 0.5, 0.75);
        assertThat(fractions).isSorted().doesNotHaveDuplicates().allMatch(f -> f < 1);
        assertThat(stages).startsWith("Masked: run 1 over 3 tokens", "Masked: run 2 over 3 tokens");
    }

    @Test
    void cancellingEndsIt() {
        ScriptedModel model = new ScriptedModel(tokenizer, before -> 4);
        Progress cancelled =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {
                        // Nobody looks.
                    }

                    @Override
                    public boolean cancelled() {
                        return true;
                    }
                };
        MaskedWriter writer =
                new MaskedWriter(model, List.of(HeadAddress.self(0, 0)), MaskPhase.ALL);
        assertThatThrownBy(() ->
                        writer.write(
                                tokenizer.encode(" w1"), List.of(), MOST, id -> false, cancelled))
                .isInstanceOf(CancelledException.class);
        assertThat(model.runs()).isZero();
    }
}
