package org.headlight.analysis.retrieval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Whole studies with a model whose heads are known: the first copies, the second does not. */
class RetrievalStudyTest {
    private static final String PROMPT = "{context}\nQuestion: {question} Answer:";
    private static final Haystack HAYSTACK =
            new Haystack("h", "One two three. Four five six seven. Eight nine! Ten eleven twelve.");

    private final WordTokenizer tokenizer = new WordTokenizer();

    private static Needle needle(String name, String answer) {
        return new Needle(
                name,
                "The code of " + name + " is " + answer + ".",
                "Who is " + name + "?",
                answer,
                PROMPT);
    }

    private static RetrievalPlan plan(int... lengths) {
        List<Integer> all = new ArrayList<>();
        for (int length : lengths) {
            all.add(length);
        }
        return new RetrievalPlan(
                List.of(needle("mill", "blue stone"), needle("gate", "red iron")),
                HAYSTACK,
                all,
                List.of(0.0, 100.0),
                TrialSettings.DEFAULT);
    }

    /** Answers with the last two words of the needle's sentence, a stop and a newline. */
    private int answer(List<Integer> before) {
        int asked = before.lastIndexOf(tokenizer.id(" Answer"));
        boolean mill = before.contains(tokenizer.id(" mill"));
        List<String> answer =
                mill ? List.of(" blue", " stone", ".", "\n") : List.of(" red", " iron", "\n");
        return tokenizer.id(answer.get(Math.min(before.size() - asked - 2, answer.size() - 1)));
    }

    private int silence(List<Integer> before) {
        return tokenizer.id(before.isEmpty() ? "." : "\n");
    }

    private static Progress cancelledAfter(List<?> finished, int count) {
        return new Progress() {
            @Override
            public void at(double fraction, String stage) {
                // Nobody looks.
            }

            @Override
            public boolean cancelled() {
                return finished.size() >= count;
            }
        };
    }

    @Test
    void theCopyingHeadIsFoundAndTheOtherIsNot() {
        ScriptedModel model = new ScriptedModel(tokenizer, this::answer);
        RetrievalStudy study = new RetrievalStudy(model, plan(40), TrialStore.inMemory());
        List<Trial> trials = study.run(trial -> {}, Progress.NONE);
        assertThat(trials).hasSize(4);
        Trial first = trials.getFirst();
        assertThat(first.text()).isEqualTo(" blue stone.\n");
        assertThat(first.stop()).isEqualTo("newline");
        assertThat(first.recall()).isEqualTo(1);
        // " blue", " stone" and "." stand in the needle of 8 tokens; with it at the start, the
        // first "." of the text is its own
        assertThat(first.copies())
                .extracting(HeadCopies::head)
                .containsExactly(HeadAddress.self(0, 0));
        assertThat(first.copies().getFirst().copies())
                .extracting(Copy::step)
                .containsExactly(0, 1, 2);
        RetrievalScores scores = RetrievalScores.of(trials, 0.5);
        assertThat(scores.succeeded()).isEqualTo(4);
        assertThat(scores.ranked(ScoreKind.SET))
                .extracting(HeadScore::name)
                .containsExactly("L0H0", "L0H1");
        // mill: 3 of 8 tokens at the start, 2 of 8 at the end; gate: 2 of 8 both times
        assertThat(scores.heads().getFirst().set()).isCloseTo(9.0 / 32, within(1e-12));
        assertThat(scores.heads().getLast().activation()).isZero();
    }

    @Test
    void workThatWasCutOffGoesOnWhereItWasAndGivesTheSame() {
        List<Trial> whole =
                new RetrievalStudy(
                                new ScriptedModel(tokenizer, this::answer),
                                plan(40, 60),
                                TrialStore.inMemory())
                        .run(trial -> {}, Progress.NONE);
        TrialStore store = TrialStore.inMemory();
        ScriptedModel model = new ScriptedModel(tokenizer, this::answer);
        List<Trial> heard = new ArrayList<>();
        RetrievalStudy cut = new RetrievalStudy(model, plan(40, 60), store);
        assertThatThrownBy(() -> cut.run(heard::add, cancelledAfter(heard, 3)))
                .isInstanceOf(CancelledException.class);
        assertThat(model.generated()).isEqualTo(3);
        assertThat(heard).isEqualTo(whole.subList(0, 3));

        List<Trial> all =
                new RetrievalStudy(model, plan(40, 60), store).run(t -> {}, Progress.NONE);
        assertThat(all).isEqualTo(whole);
        assertThat(model.generated()).isEqualTo(8);

        // a third length costs its own trials only
        new RetrievalStudy(model, plan(40, 50, 60), store).run(t -> {}, Progress.NONE);
        assertThat(model.generated()).isEqualTo(12);
    }

    @Test
    void progressGoesOnWithinATrial() {
        RetrievalStudy study =
                new RetrievalStudy(
                        new ScriptedModel(tokenizer, this::answer),
                        plan(40),
                        TrialStore.inMemory());
        List<Double> inside = new ArrayList<>();
        List<String> stages = new ArrayList<>();
        Progress progress =
                new Progress() {
                    @Override
                    public void at(double fraction, String stage) {
                        if (fraction > 0 && fraction < 0.25) {
                            inside.add(fraction);
                            stages.add(stage);
                        }
                    }

                    @Override
                    public boolean cancelled() {
                        return false;
                    }
                };
        study.run(trial -> {}, progress);
        assertThat(inside).isSorted().isNotEmpty();
        assertThat(stages).allMatch(stage -> stage.startsWith("Trial 1 of 4: "));
        assertThat(stages.getLast()).endsWith(", looking for copies");
    }

    @Test
    void otherSettingsAreOtherTrials() {
        TrialStore store = TrialStore.inMemory();
        ScriptedModel model = new ScriptedModel(tokenizer, this::answer);
        RetrievalPlan plan = plan(40);
        new RetrievalStudy(model, plan, store).run(t -> {}, Progress.NONE);
        RetrievalPlan other =
                new RetrievalPlan(
                        plan.needles(),
                        plan.haystack(),
                        plan.lengths(),
                        plan.depths(),
                        new TrialSettings(50, 2, 0.5));
        new RetrievalStudy(model, other, store).run(t -> {}, Progress.NONE);
        assertThat(model.generated()).isEqualTo(8);
    }

    @Test
    void maskedTrialsHaveTheMaskedModelsAnswersAndAreKeptToo() {
        TrialStore store = TrialStore.inMemory();
        ScriptedModel model = new ScriptedModel(tokenizer, this::answer).masked(this::silence);
        RetrievalStudy study = new RetrievalStudy(model, plan(40), store);
        List<Trial> trials = study.run(trial -> {}, Progress.NONE);
        RetrievalScores scores = RetrievalScores.of(trials, 0.5);
        HeadMask mask = HeadMask.top(scores, ScoreKind.SET, 1);
        List<MaskedTrial> masked =
                study.masked(mask, MaskPhase.DECODE, trials, t -> {}, Progress.NONE);
        assertThat(masked)
                .hasSize(4)
                .allSatisfy(trial -> {
                    assertThat(trial.recall()).isZero();
                    assertThat(trial.text()).isEqualTo("\n");
                });
        int runs = model.runs();
        assertThat(runs).isEqualTo(4);
        study.masked(mask, MaskPhase.DECODE, trials, t -> {}, Progress.NONE);
        assertThat(model.runs()).isEqualTo(runs);
        study.masked(mask, MaskPhase.ALL, trials, t -> {}, Progress.NONE);
        assertThat(model.runs()).isEqualTo(2 * runs);
    }

    @Test
    void anEncoderIsRefusedBeforeAnythingRuns() {
        ScriptedModel model = new ScriptedModel(tokenizer, this::answer).refusing("It only reads.");
        assertThatThrownBy(() -> new RetrievalStudy(model, plan(40), TrialStore.inMemory()))
                .hasMessage("It only reads.");
    }

    @Test
    void aNeedleThatIsTooLongIsSaidBeforeTheFirstTrial() {
        ScriptedModel model = new ScriptedModel(tokenizer, this::answer);
        RetrievalStudy study = new RetrievalStudy(model, plan(40, 5), TrialStore.inMemory());
        assertThatThrownBy(() -> study.run(t -> {}, Progress.NONE))
                .hasMessageStartingWith("The needle \"mill\" with its question has ")
                .hasMessageContaining("more than the length of 5;");
        assertThat(model.generated()).isZero();
    }

    @Test
    void theSpanOfTheNeedleIsThatOfItsTokens() {
        ScriptedModel model = new ScriptedModel(tokenizer, this::answer);
        RetrievalStudy study = new RetrievalStudy(model, plan(60), TrialStore.inMemory());
        for (Trial trial : study.run(t -> {}, Progress.NONE)) {
            TrialCase which = study.caseOf(trial).orElseThrow();
            NeedlePrompt prompt = new PromptMaker(tokenizer, HAYSTACK).make(which);
            String text =
                    tokenizer.decode(
                            prompt.tokens().subList(trial.needleStart(), trial.needleEnd()).stream()
                                    .mapToInt(Token::id)
                                    .toArray());
            assertThat(text.strip()).isEqualTo(which.needle().text());
        }
    }
}
