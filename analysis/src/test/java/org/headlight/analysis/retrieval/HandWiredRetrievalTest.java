package org.headlight.analysis.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.analysis.greedy.GuessAndCheck;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.HeadHook;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.HandWiredModel;
import org.headlight.engine.model.HandWiredModel.Role;
import org.headlight.engine.model.Model;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A model that copies by construction: the head that does it is found, and it is needed. */
class HandWiredRetrievalTest {
    /** The needle w21 w23 w20 w22 at 3 to 6; w19 asks for what follows it in the vocabulary. */
    private static final int[] PROMPT = {0, 40, 35, 21, 23, 20, 22, 30, 50, 41, 19};

    private static final int START = 3;
    private static final int FINISH = 7;
    private static final List<Integer> ANSWER = List.of(20, 21, 22, 23, HandWiredModel.END);

    @TempDir static Path folder;
    private static Model model;

    @BeforeAll
    static void open() {
        model = HandWiredModel.open(folder);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static List<Token> prompt() {
        return model.tokenizer().orElseThrow().describe(PROMPT);
    }

    private static HeadAddress address(Role role) {
        return HeadAddress.self(role.layer(), role.head());
    }

    @Test
    void theCopyingHeadScoresOneAndNoOtherHeadCopiesAnything() {
        try (Generation done =
                model.generate(
                        prompt(),
                        GenerationOptions.greedy(20),
                        GenerationListener.NONE,
                        Progress.NONE)) {
            assertThat(done.ids()).isEqualTo(ANSWER);
            List<HeadCopies> copies =
                    new CopyReader(1).copies(done.capture(), START, FINISH, Progress.NONE);
            assertThat(copies).extracting(HeadCopies::head).containsExactly(address(Role.COPYING));
            assertThat(copies.getFirst().copies())
                    .extracting(Copy::position)
                    .containsExactly(5, 3, 6, 4);
            assertThat(copies.getFirst().distinct()).isEqualTo(FINISH - START);
        }
    }

    /** Decoding with a masked head, one run over the whole text a token. */
    private static List<Integer> oneByOne(Role role, MaskPhase phase, int most) {
        HeadHook uniform = HeadHook.uniform();
        HeadHook hook =
                phase == MaskPhase.ALL ? uniform : HeadHook.fromRow(PROMPT.length - 1, uniform);
        SeamHooks hooks = SeamHooks.NONE.with(address(role), hook);
        List<Token> all = new ArrayList<>(prompt());
        List<Integer> response = new ArrayList<>();
        while (response.size() < most && !response.contains(HandWiredModel.END)) {
            Matrix logits =
                    model.run(all, hooks, CutOutcome.Wanted.LOGITS, Progress.NONE)
                            .logits()
                            .orElseThrow();
            float[] row = new float[logits.cols()];
            logits.copyRows(all.size() - 1, all.size(), row, 0);
            int best = 0;
            for (int id = 0; id < row.length; id++) {
                best = row[id] > row[best] ? id : best;
            }
            response.add(best);
            all.add(new Token(all.size(), best, "#" + best, false));
        }
        return response;
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void masksAreThoseOfStepwiseDecodingAndOnlyTheCopyingHeadIsNeeded(Role role) {
        for (MaskPhase phase : MaskPhase.values()) {
            GuessAndCheck.Written written =
                    new MaskedWriter(model, List.of(address(role)), phase)
                            .write(
                                    prompt(),
                                    ANSWER,
                                    12,
                                    id -> id == HandWiredModel.END,
                                    Progress.NONE);
            assertThat(written.ids()).isEqualTo(oneByOne(role, phase, 12));
            if (role == Role.COPYING) {
                assertThat(written.ids()).isNotEqualTo(ANSWER);
            } else {
                assertThat(written.ids()).isEqualTo(ANSWER);
                assertThat(written.passes()).isEqualTo(1);
            }
        }
    }
}
