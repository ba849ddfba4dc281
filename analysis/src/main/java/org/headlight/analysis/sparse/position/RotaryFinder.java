package org.headlight.analysis.sparse.position;

import org.headlight.analysis.sparse.Rotary;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the rotary positions of a model from runs alone, whatever its graph looks like: one
 * ordinary token is said many times, so that keys before the embedding are the same at every
 * position, and what is left is how positions turn them. That holds in every layer, since attention
 * over equal values gives the same everywhere.
 */
public final class RotaryFinder {
    private static final int FEWEST = 8;
    private static final int SHORT = 64;
    private static final int LONG = 1024;
    private static final int TRIES = 3;

    private RotaryFinder() {}

    /**
     * The rotary positions of a model; empty when it has none, or they are not found.
     *
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static Optional<Rotary> find(Model model, Progress progress) {
        try {
            return Optional.of(need(model, progress));
        } catch (BadInputException e) {
            return Optional.empty();
        }
    }

    /**
     * The rotary positions of a model.
     *
     * @throws BadInputException when it has none, or they are not found, with the reason
     * @throws org.headlight.engine.problem.TooLargeException when there is no memory for a run
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static Rotary need(Model model, Progress progress) {
        int limit = model.info().maxPositions();
        int most = limit > 0 ? Math.min(limit, LONG) : LONG;
        if (most < FEWEST) {
            throw new BadInputException(
                    model.info().name()
                            + " reads at most "
                            + most
                            + " tokens; finding its rotary positions takes "
                            + FEWEST
                            + ".");
        }
        String trouble = "";
        for (int id : ordinary(model)) {
            progress.at(0.1, "Looking for rotary positions");
            List<HeadArray> few = keys(model, id, Math.min(most, SHORT), progress);
            trouble = trouble(model, few.getFirst());
            if (!trouble.isEmpty()) {
                continue;
            }
            progress.at(0.3, "Measuring rotary positions");
            Optional<Rotary> found = layers(keys(model, id, fitting(model, most), progress));
            if (found.isPresent()) {
                progress.at(1, "Done");
                return found.get();
            }
            trouble =
                    "The keys of "
                            + model.info().name()
                            + " turn with their position, but not alike over a long text; its"
                            + " rotary positions could not be found.";
        }
        throw new BadInputException(trouble);
    }

    /** Why keys of the first layer do not turn, as a sentence; empty when they do. */
    private static String trouble(Model model, HeadArray keys) {
        RotaryFit fit = new RotaryFit(keys);
        if (fit.equal()) {
            return model.info().name()
                    + " has no rotary positions: the keys of its first layer are the same at every"
                    + " position, so positions enter as biases or not at all.";
        }
        if (!fit.lengthsEqual()) {
            return model.info().name()
                    + " has no rotary positions: the keys of its first layer change their length"
                    + " from position to position, as they do where positions are learned.";
        }
        return fit.find() != null
                ? ""
                : "The rotary positions of "
                        + model.info().name()
                        + " could not be found: no pairing of dimensions turns the keys of its"
                        + " first layer at a constant angle.";
    }

    /** The longest run that has the memory. */
    private static int fitting(Model model, int most) {
        int tokens = most;
        while (tokens > SHORT && !model.need(tokens).fits()) {
            tokens /= 2;
        }
        return tokens;
    }

    private static Optional<Rotary> layers(List<HeadArray> keys) {
        List<PairRotary> found = new ArrayList<>();
        boolean differ = false;
        for (HeadArray own : keys) {
            RotaryFit fit = new RotaryFit(own);
            if (found.isEmpty()) {
                PairRotary first = fit.find();
                if (first == null) {
                    return Optional.empty();
                }
                found.add(first);
                continue;
            }
            // A layer whose keys say nothing by themselves (they were not equal before) turns as
            // the first does.
            PairRotary layer = found.getFirst();
            for (PairRotary known : found) {
                layer = fit.explainedBy(known) ? known : layer;
            }
            if (!fit.explainedBy(layer)) {
                PairRotary other = fit.equal() ? PairRotary.none(own.width()) : fit.find();
                layer = other == null ? layer : other;
            }
            differ |= layer != found.getFirst();
            found.add(layer);
        }
        return Optional.of(differ ? new LayerRotary(found) : found.getFirst());
    }

    /** The keys of every layer in a run over one token, n times: [KV, n, D] each. */
    private static List<HeadArray> keys(Model model, int id, int count, Progress progress) {
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(new Token(i, id, "#" + id, false));
        }
        List<HeadArray> layers = new ArrayList<>();
        try (Capture capture = model.capture(tokens, progress.part(0.3, 0.9))) {
            for (SiteCapture site : capture.sites()) {
                if (site.kind() == SiteKind.SELF) {
                    layers.add(keys(site));
                }
            }
        }
        if (layers.isEmpty()) {
            throw new BadInputException(
                    model.info().name()
                            + " has no self-attention that is understood, so it has no rotary"
                            + " positions to be found.");
        }
        return layers;
    }

    private static HeadArray keys(SiteCapture site) {
        int heads = site.kvHeads();
        int group = site.heads().size() / heads;
        float[] values = new float[0];
        int rows = 0;
        int width = 0;
        for (int head = 0; head < heads; head++) {
            if (!(site.heads().get(head * group) instanceof QkHead qk)) {
                throw new BadInputException(
                        "Layer "
                                + site.layer()
                                + " shows no keys, so its positions are not known.");
            }
            Matrix k = qk.k();
            rows = k.rows();
            width = k.cols();
            values = head == 0 ? new float[heads * rows * width] : values;
            k.copyRows(0, rows, values, head * rows * width);
        }
        return HeadArray.headsFirst(values, heads, rows, width);
    }

    /** Ids of ordinary tokens: of a few words where there is a tokenizer. */
    private static Set<Integer> ordinary(Model model) {
        Set<Integer> ids = new LinkedHashSet<>();
        model.tokenizer()
                .ifPresent(tokenizer -> {
                    for (Token token : tokenizer.encode("we see a house in the town")) {
                        if (!token.special() && token.id() >= 0) {
                            ids.add(token.id());
                        }
                    }
                });
        int vocabulary = Math.max(4, model.info().vocabulary());
        for (int part = 2; part < 2 + TRIES; part++) {
            ids.add(vocabulary / part);
        }
        Set<Integer> few = new LinkedHashSet<>();
        ids.stream().limit(TRIES).forEach(few::add);
        return few;
    }
}
