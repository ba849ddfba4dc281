package org.headlight.analysis.influence;

import org.headlight.analysis.logits.NextTokens;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.HeadHook;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;

import java.util.List;

/**
 * Scores documents: how much the loss of a text grows when the important heads attend uniformly to
 * the keys that they may see. Documents are read one at a time; both passes run the model in
 * pieces, so that masking no head gives a score of exactly 0.
 */
public final class AttentionInfluence {
    /** Share of the heads that are important, in the paper. */
    public static final double HEAD_SHARE = 0.05;

    /** Share of the documents that are selected, in the paper. */
    public static final double SELECTED_SHARE = 0.2;

    /** Tokens of a document that are read, in the paper. */
    public static final int CONTEXT = 4096;

    private static final int PREVIEW = 160;

    private final Model model;
    private final Tokenizer tokenizer;
    private final SeamHooks masked;
    private final int context;

    /**
     * A scorer.
     *
     * @param masked the important heads
     * @param context the most tokens of a document; less where the model was made for less
     * @throws BadInputException when the model is no decoder, has no tokenizer, or lacks a head
     */
    public AttentionInfluence(Model model, List<HeadAddress> masked, int context) {
        checkDecoder(model);
        if (context < 2) {
            throw new BadInputException(
                    "The context is "
                            + context
                            + " tokens; a loss needs at least 2, such as 4096.");
        }
        masked.forEach(head -> checkHead(model, head));
        this.model = model;
        this.tokenizer =
                model.tokenizer()
                        .orElseThrow(() ->
                                new BadInputException(
                                        model.info().name()
                                                + " has no tokenizer.json beside it, so documents"
                                                + " cannot be turned into tokens; put the file"
                                                + " there."));
        this.masked = SeamHooks.NONE.with(masked, HeadHook.uniform());
        int positions = model.info().maxPositions();
        this.context = positions > 0 ? Math.min(positions, context) : context;
    }

    /**
     * Refuses what does not predict its own text.
     *
     * @throws BadInputException when the model is no decoder of texts
     */
    public static void checkDecoder(Model model) {
        model.cannotGenerate()
                .ifPresent(why -> {
                    throw new BadInputException(
                            "AttentionInfluence compares losses of next tokens, which only a"
                                    + " decoder has. "
                                    + why);
                });
    }

    private static void checkHead(Model model, HeadAddress head) {
        boolean there =
                model.info().sites().stream()
                        .anyMatch(site ->
                                site.kind() == SiteKind.SELF
                                        && head.kind() == SiteKind.SELF
                                        && site.layer() == head.layer()
                                        && head.head() < site.heads());
        if (!there) {
            throw new BadInputException(
                    model.info().name()
                            + " has no self-attention head L"
                            + head.layer()
                            + "H"
                            + head.head()
                            + "; headlight inspect lists what there is.");
        }
    }

    /** The most tokens of a document that are read. */
    public int context() {
        return context;
    }

    /**
     * Scores one document; its loss is NaN when it has less than two tokens.
     *
     * @throws BadInputException when the model cannot be run in pieces
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public DocumentScore score(Document document, Progress progress) {
        List<Token> all = tokenizer.encode(document.text());
        boolean truncated = all.size() > context;
        List<Token> tokens = truncated ? all.subList(0, context) : all;
        double base = Double.NaN;
        double without = Double.NaN;
        if (tokens.size() > 1) {
            base = loss(tokens, SeamHooks.NONE, progress);
            without = loss(tokens, masked, progress);
        }
        return new DocumentScore(
                document.id(),
                document.domain(),
                preview(document.text()),
                tokens.size(),
                truncated,
                base,
                without);
    }

    private double loss(List<Token> tokens, SeamHooks hooks, Progress progress) {
        progress.check();
        Matrix logits =
                model.run(tokens, hooks, CutOutcome.Wanted.LOGITS, progress).logits().orElseThrow();
        return NextTokens.mean(NextTokens.losses(logits, tokens), 0);
    }

    private static String preview(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= PREVIEW ? line : line.substring(0, PREVIEW) + "\u2026";
    }
}
