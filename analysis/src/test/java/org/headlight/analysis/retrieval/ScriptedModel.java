package org.headlight.analysis.retrieval;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.generate.GeneratedToken;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.StopReason;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.MemoryNeed;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelCheck;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Writes what a script says, from all tokens before. Its one layer has two heads: the first looks
 * at the first earlier place of the token that it writes, the second at the first token.
 */
final class ScriptedModel implements Model {
    private final WordTokenizer tokenizer;
    private final ToIntFunction<List<Integer>> script;
    private ToIntFunction<List<Integer>> masked;
    private String refusal = "";
    private int generated;
    private int runs;

    ScriptedModel(WordTokenizer tokenizer, ToIntFunction<List<Integer>> script) {
        this.tokenizer = tokenizer;
        this.script = script;
        this.masked = script;
    }

    /** What it writes when any head is hooked. */
    ScriptedModel masked(ToIntFunction<List<Integer>> newScript) {
        masked = newScript;
        return this;
    }

    ScriptedModel refusing(String why) {
        refusal = why;
        return this;
    }

    /** How many responses it has written. */
    int generated() {
        return generated;
    }

    /** How many runs in pieces it has made. */
    int runs() {
        return runs;
    }

    @Override
    public ModelInfo info() {
        return new ModelInfo(
                "scripted",
                Path.of("nowhere", "model.onnx"),
                "0123456789ab",
                List.of(),
                List.of(),
                List.of(),
                true,
                0,
                0,
                "CPU");
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
        return Optional.of(tokenizer);
    }

    @Override
    public MemoryNeed need(int tokens) {
        return new MemoryNeed(
                tokens,
                0,
                0,
                1,
                MemoryNeed.Room.unused(),
                MemoryNeed.Room.unused(),
                1 << 20,
                MemoryNeed.Feeding.WHOLE);
    }

    @Override
    public Capture capture(List<Token> tokens, Progress progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ModelCheck check(int tokens) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> cannotGenerate() {
        return refusal.isEmpty() ? Optional.empty() : Optional.of(refusal);
    }

    @Override
    public Set<Integer> endTokens() {
        return Set.of(0);
    }

    @Override
    public CutOutcome run(
            List<Token> tokens, SeamHooks hooks, CutOutcome.Wanted wanted, Progress progress) {
        runs++;
        int width = tokenizer.size() + 1;
        float[] logits = new float[tokens.size() * width];
        List<Integer> before = new ArrayList<>();
        for (int row = 0; row < tokens.size(); row++) {
            before.add(tokens.get(row).id());
            int next = (hooks.heads().isEmpty() ? script : masked).applyAsInt(before);
            logits[row * width + next] = 1;
        }
        return new CutOutcome(
                Optional.of(new ArrayMatrix(logits, tokens.size(), width)), Optional.empty(), 0);
    }

    @Override
    public Generation generate(
            List<Token> prompt,
            GenerationOptions options,
            GenerationListener listener,
            Progress progress) {
        progress.check();
        generated++;
        List<Integer> all = new ArrayList<>(prompt.stream().map(Token::id).toList());
        List<GeneratedToken> response = new ArrayList<>();
        StopReason stop = StopReason.MAX_TOKENS;
        while (response.size() < options.maxTokens()) {
            if (progress.cancelled()) {
                if (response.isEmpty()) {
                    throw new CancelledException();
                }
                stop = StopReason.CANCELLED;
                break;
            }
            int id = script.applyAsInt(all);
            String text = tokenizer.decode(new int[] {id});
            GeneratedToken token =
                    new GeneratedToken(
                            new Token(all.size(), id, text, false), text, -0.5, List.of());
            all.add(id);
            response.add(token);
            listener.token(token);
            if (id == 0) {
                stop = StopReason.END_OF_TEXT;
                break;
            }
        }
        int[] ids = all.stream().mapToInt(Integer::intValue).toArray();
        Capture capture = new Attended(tokenizer.describe(ids), prompt.size());
        return new Generation(capture, prompt.size(), response, stop, 0, 0);
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    /** The attention of the two heads. */
    private record Attended(List<Token> tokens, int responseFrom) implements Capture {

        private HeadAttention head(boolean copies) {
            int n = tokens.size();
            float[] p = new float[n * n];
            for (int row = 0; row < n; row++) {
                int key = 0;
                if (copies && row + 1 < n) {
                    int written = tokens.get(row + 1).id();
                    while (key < row && tokens.get(key).id() != written) {
                        key++;
                    }
                }
                p[row * n + key] = 1;
            }
            return new ProbabilityHead(new ArrayMatrix(p, n, n), AttentionMask.causal(0));
        }

        @Override
        public CaptureInfo info() {
            return new CaptureInfo("scripted", "", "", "", 0);
        }

        @Override
        public List<SiteCapture> sites() {
            return List.of(
                    new SiteCapture(
                            0,
                            SiteKind.SELF,
                            "softmax",
                            List.of(head(true), head(false)),
                            1,
                            0,
                            tokens,
                            tokens));
        }

        @Override
        public long bytes() {
            return 0;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
