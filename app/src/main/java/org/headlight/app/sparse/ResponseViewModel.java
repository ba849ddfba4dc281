package org.headlight.app.sparse;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;

import org.headlight.analysis.greedy.GuessAndCheck;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseWriter;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.generate.GeneratedToken;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.model.Model;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the model writes after the prompt of the run on show, greedily, densely and sparsely. */
final class ResponseViewModel {
    /** The lane in which responses are written. */
    static final String LANE = "sparse-write";

    static final int TOKENS = 32;

    private final TaskRunner tasks;
    private final SparseViewModel sparse;
    private final ReadingState state;
    private final IntegerProperty most = new SimpleIntegerProperty(TOKENS);
    private final ReadOnlyObjectWrapper<@Nullable Responses> responses =
            new ReadOnlyObjectWrapper<>();

    /**
     * Two responses to one prompt.
     *
     * @param dense what the model writes
     * @param sparse what it writes with the policies of the run
     * @param passes runs over the whole text that the sparse one took
     */
    record Responses(List<Token> dense, List<Token> sparse, int passes) {
        Responses {
            dense = List.copyOf(dense);
            sparse = List.copyOf(sparse);
        }

        /** Where they first differ; the length of the shorter one when they do not up to there. */
        int same() {
            int at = 0;
            while (at < Math.min(dense.size(), sparse.size())
                    && dense.get(at).id() == sparse.get(at).id()) {
                at++;
            }
            return at;
        }

        /** Whether both are the same. */
        boolean equal() {
            return dense.size() == sparse.size() && same() == dense.size();
        }
    }

    ResponseViewModel(TaskRunner tasks, SparseViewModel sparse) {
        this.tasks = tasks;
        this.sparse = sparse;
        this.state = sparse.state();
        sparse.runProperty()
                .addListener((property, old, now) -> {
                    tasks.cancel(LANE);
                    responses.set(null);
                });
    }

    /** The most tokens that are written. */
    IntegerProperty mostProperty() {
        return most;
    }

    /** What was written; null before. */
    ReadOnlyObjectProperty<@Nullable Responses> responsesProperty() {
        return responses.getReadOnlyProperty();
    }

    /** Why the model cannot write, one sentence; empty when it can. */
    Optional<String> refusal() {
        return sparse.model().flatMap(Model::cannotGenerate);
    }

    /** Writes both. */
    void write() {
        SparseRun run = sparse.runProperty().get();
        Optional<Model> model = sparse.model();
        if (run == null || model.isEmpty()) {
            return;
        }
        Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            state.problem(refusal.get());
            return;
        }
        int count = most.get();
        state.run(
                tasks,
                TaskRequest.of(
                                LANE,
                                "Dense and sparse response",
                                progress -> work(model.get(), run.result(), count, progress))
                        .onDone(written -> {
                            if (run.equals(sparse.runProperty().get())) {
                                responses.set(written);
                            }
                        }));
    }

    private Responses work(Model model, SparseResult result, int count, Progress progress) {
        List<Token> prompt = result.tokens().subList(0, result.prompt());
        progress.at(-1, "Dense response");
        List<Integer> dense = new ArrayList<>();
        try (Generation generation =
                model.generate(
                        prompt,
                        GenerationOptions.greedy(count),
                        GenerationListener.NONE,
                        progress)) {
            generation.response().stream()
                    .map(GeneratedToken::token)
                    .forEach(t -> dense.add(t.id()));
        }
        progress.check();
        Set<Integer> ends = model.endTokens();
        GuessAndCheck.Written sparsely =
                new SparseWriter(sparse.study(model), result.assignment())
                        .write(prompt, dense, count, ends::contains, progress);
        return new Responses(
                described(model, dense), described(model, sparsely.ids()), sparsely.passes());
    }

    private static List<Token> described(Model model, List<Integer> ids) {
        int[] numbers = ids.stream().mapToInt(id -> id).toArray();
        return model.tokenizer()
                .map(tokenizer -> tokenizer.describe(numbers))
                .orElseGet(() -> {
                    List<Token> plain = new ArrayList<>();
                    for (int id : numbers) {
                        plain.add(new Token(plain.size(), id, "#" + id, false));
                    }
                    return plain;
                });
    }
}
