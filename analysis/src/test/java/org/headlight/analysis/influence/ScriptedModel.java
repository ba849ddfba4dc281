package org.headlight.analysis.influence;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.CaptureStore;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.capture.StoredCapture;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.matrix.ArrayMatrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.MemoryNeed;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelCheck;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A model whose attention and logits are written by hand. Its tokens are characters, after a first
 * special one. Of its heads, L0H0 looks at itself, L0H1 at the latest earlier place where the five
 * tokens up to the query stand, one further on (so it copies), L1H0 at the first key, and L1H1 does
 * what L0H1 does in every other row.
 */
final class ScriptedModel implements Model {
    static final int VOCABULARY = 128;
    private static final int BEGIN = 1;
    private static final int MATCHED = 5;

    private final int positions;
    private final Optional<String> refusal;
    final List<SeamHooks> runs = new ArrayList<>();

    ScriptedModel(int positions, Optional<String> refusal) {
        this.positions = positions;
        this.refusal = refusal;
    }

    @Override
    public ModelInfo info() {
        List<ModelInfo.Site> sites = new ArrayList<>();
        for (int layer = 0; layer < 2; layer++) {
            sites.add(
                    new ModelInfo.Site(
                            layer, SiteKind.SELF, "eager", "node " + layer, 2, 2, 1, true));
        }
        return new ModelInfo(
                "scripted",
                Path.of("scripted.onnx"),
                "",
                sites,
                List.of(),
                List.of(),
                false,
                VOCABULARY,
                positions,
                "");
    }

    @Override
    public Optional<String> cannotGenerate() {
        return refusal;
    }

    @Override
    public Optional<Tokenizer> tokenizer() {
        return Optional.of(new Characters());
    }

    @Override
    public MemoryNeed need(int tokens) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Capture capture(List<Token> tokens, Progress progress) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CutOutcome run(
            List<Token> tokens, SeamHooks hooks, CutOutcome.Wanted wanted, Progress progress) {
        runs.add(hooks);
        progress.check();
        boolean kept = wanted != CutOutcome.Wanted.LOGITS;
        return new CutOutcome(
                Optional.of(logits(tokens, hooks)),
                kept ? Optional.of(captured(tokens)) : Optional.empty(),
                0);
    }

    /** Without a change it knows what L0H1 copies; with a head masked it knows nothing. */
    private static ArrayMatrix logits(List<Token> tokens, SeamHooks hooks) {
        int n = tokens.size();
        float[] logits = new float[n * VOCABULARY];
        for (int t = 0; t < n && hooks.heads().isEmpty(); t++) {
            int source = copied(tokens, t);
            if (source > 0) {
                logits[t * VOCABULARY + tokens.get(source).id()] = 10;
            }
        }
        return new ArrayMatrix(logits, n, VOCABULARY);
    }

    /** The place after the latest earlier copy of the tokens up to t; 0 when there is none. */
    private static int copied(List<Token> tokens, int t) {
        for (int j = t - 1; j >= MATCHED - 1; j--) {
            boolean same = true;
            for (int i = 0; i < MATCHED; i++) {
                same &= tokens.get(j - i).id() == tokens.get(t - i).id();
            }
            if (same) {
                return j + 1;
            }
        }
        return 0;
    }

    private static Capture captured(List<Token> tokens) {
        int n = tokens.size();
        List<List<float[]>> maps =
                List.of(
                        List.of(new float[n * n], new float[n * n]),
                        List.of(new float[n * n], new float[n * n]));
        for (int q = 0; q < n; q++) {
            int copied = copied(tokens, q);
            maps.get(0).get(0)[q * n + q] = 1;
            maps.get(0).get(1)[q * n + copied] = 1;
            maps.get(1).get(0)[q * n] = 1;
            maps.get(1).get(1)[q * n + (q % 2 == 0 ? copied : 0)] = 1;
        }
        List<SiteCapture> sites = new ArrayList<>();
        for (int layer = 0; layer < 2; layer++) {
            List<HeadAttention> heads = new ArrayList<>();
            for (float[] map : maps.get(layer)) {
                heads.add(new ProbabilityHead(new ArrayMatrix(map, n, n), AttentionMask.causal(0)));
            }
            sites.add(
                    new SiteCapture(
                            layer, SiteKind.SELF, "node " + layer, heads, 2, 1, tokens, tokens));
        }
        return new StoredCapture(
                new CaptureInfo("scripted", "", "eager", "", 0),
                tokens,
                sites,
                CaptureStore.create(8, Long.MAX_VALUE));
    }

    @Override
    public ModelCheck check(int tokens) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        // nothing is held
    }

    /** Every character is a token, after a special one. */
    private static final class Characters implements Tokenizer {
        @Override
        public String description() {
            return "characters";
        }

        @Override
        public List<Token> encode(String text) {
            int[] ids = new int[text.length() + 1];
            ids[0] = BEGIN;
            for (int i = 0; i < text.length(); i++) {
                ids[i + 1] = text.charAt(i);
            }
            return describe(ids);
        }

        @Override
        public List<Token> describe(int[] ids) {
            List<Token> tokens = new ArrayList<>();
            for (int id : ids) {
                boolean begin = id == BEGIN;
                tokens.add(
                        new Token(
                                tokens.size(), id, begin ? "<s>" : Character.toString(id), begin));
            }
            return tokens;
        }

        @Override
        public String decode(int[] ids) {
            StringBuilder text = new StringBuilder();
            Arrays.stream(ids).filter(id -> id != BEGIN).forEach(text::appendCodePoint);
            return text.toString();
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
