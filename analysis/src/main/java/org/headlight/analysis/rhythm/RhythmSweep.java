package org.headlight.analysis.rhythm;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.token.Token;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * Measures the rhythm of a response head by head: a {@link #consumer} for each head goes along on a
 * sweep of its map, is handed back to {@link #take}, and at the end there is the {@link #result}.
 * To be used from one thread; a head's sweep itself may use several.
 */
public final class RhythmSweep {
    private static final int MIDDLE_LAYERS = 5;

    private final RhythmFrame frame;
    private final List<Token> tokens;
    private final List<SiteCapture> sites;
    private final HeadSets sets;
    private final double[] attentionEntropy;
    private int taken;

    private RhythmSweep(RhythmFrame frame, List<Token> tokens, List<SiteCapture> sites) {
        this.frame = frame;
        this.tokens = tokens;
        this.sites = sites;
        this.sets =
                new HeadSets(
                        sites.stream().mapToInt(site -> site.heads().size()).sum(),
                        frame.settings());
        this.attentionEntropy = new double[frame.length()];
    }

    /**
     * Begins.
     *
     * @param from position of the first token of the response; 0 when all of the text is response
     * @throws BadInputException when the capture has no causal self-attention, or there is no
     *     response
     */
    public static RhythmSweep of(Capture capture, int from, RhythmSettings settings) {
        List<Token> tokens = capture.tokens();
        List<SiteCapture> causal =
                capture.sites().stream().filter(site -> decodes(site, tokens.size())).toList();
        if (causal.isEmpty()) {
            throw new BadInputException(
                    capture.info().source()
                            + " has no causal self-attention, and without it no token has a"
                            + " future; preplan and anchor needs a decoder.");
        }
        if (from < 0 || from >= tokens.size()) {
            throw new BadInputException(
                    "The response is to begin at token "
                            + from
                            + ", but the text has tokens 0 to "
                            + (tokens.size() - 1)
                            + "; name one of them as the first of the response.");
        }
        RhythmFrame frame =
                new RhythmFrame(from, tokens.size(), Sentences.of(tokens, from), settings);
        return new RhythmSweep(frame, tokens, chosen(causal, settings.heads().layers()));
    }

    private static boolean decodes(SiteCapture site, int positions) {
        return site.kind() == SiteKind.SELF
                && site.heads().stream()
                        .allMatch(head -> head.cols() == positions && head.mask().causal());
    }

    private static List<SiteCapture> chosen(List<SiteCapture> all, HeadRule.Layers layers) {
        if (layers == HeadRule.Layers.ALL) {
            return all;
        }
        int first = all.size() / 3;
        int last = Math.min(all.size() - 1, 2 * all.size() / 3);
        TreeSet<Integer> indices = new TreeSet<>();
        for (int i = 0; i < MIDDLE_LAYERS; i++) {
            indices.add((int) Math.round(first + i * (last - first) / (MIDDLE_LAYERS - 1.0)));
        }
        return indices.stream().map(all::get).toList();
    }

    /** The sites whose heads take part. */
    public List<SiteCapture> sites() {
        return sites;
    }

    /** What goes along on the sweep of one head; every row must be walked. */
    public RhythmConsumer consumer(SiteCapture site, int head) {
        HeadAttention attention = site.heads().get(head);
        return new RhythmConsumer(frame, attention, site.layer(), head, site.headName(head), true);
    }

    /** {@link #consumer} that does not measure distances. */
    RhythmConsumer withoutDistance(SiteCapture site, int head) {
        HeadAttention attention = site.heads().get(head);
        return new RhythmConsumer(frame, attention, site.layer(), head, site.headName(head), false);
    }

    /** Takes a head in, after its sweep. Heads come in the order of {@link #sites}. */
    public void take(RhythmConsumer consumer) {
        take(consumer, 0);
    }

    /**
     * {@link #take(RhythmConsumer)} of one without distances.
     *
     * @param distance sum of A x (t - s) over the rows of the response
     */
    void take(RhythmConsumer consumer, double distance) {
        HeadRhythm head = consumer.result(distance);
        sets.add(head);
        for (int t = 0; t < attentionEntropy.length; t++) {
            attentionEntropy[t] += head.entropy(t);
        }
        taken++;
    }

    /**
     * What was found, after all heads.
     *
     * @param entropy of the distribution that each token was drawn from, [N], as {@link
     *     TokenEntropy} gives it; null where there are no logits
     */
    public Rhythm result(double @Nullable [] entropy) {
        int n = frame.length();
        int from = frame.from();
        double[] waad = new double[n];
        double[] fai = new double[n];
        double[] receiver = new double[n];
        double[] unsure = new double[n];
        for (int t = 0; t < n; t++) {
            waad[t] = sets.waad().applyAsDouble(t);
            fai[t] = sets.fai().applyAsDouble(from + t);
            receiver[t] = sets.receiverFai().applyAsDouble(from + t);
            unsure[t] = entropy == null ? Double.NaN : entropy[from + t];
        }
        Found found = new Found(waad, fai, receiver, unsure);
        List<RhythmToken> all = new ArrayList<>();
        for (int p = 0; p < tokens.size(); p++) {
            all.add(p < from ? prompt(p) : found.token(p - from));
        }
        return new Rhythm(
                from,
                frame.settings(),
                List.copyOf(all),
                sets.all(),
                sets.local(),
                sets.global(),
                sets.receivers(),
                Sawtooth.of(waad, found.waadPeaks),
                found.coupling(),
                found.credit.tauWaad,
                found.credit.tauStep,
                frame.sentences().count(),
                notes(entropy != null));
    }

    private RhythmToken prompt(int position) {
        return new RhythmToken(
                tokens.get(position),
                Double.NaN,
                Double.NaN,
                sets.fai().applyAsDouble(position),
                sets.receiverFai().applyAsDouble(position),
                Double.NaN,
                Double.NaN,
                RhythmToken.Marks.NONE,
                RhythmToken.Weights.ONE);
    }

    private List<String> notes(boolean logits) {
        List<String> notes = new ArrayList<>();
        int n = frame.length();
        Horizon horizon = frame.horizon();
        if (n <= horizon.lo()) {
            notes.add(
                    "The response has "
                            + n
                            + (n == 1 ? " token" : " tokens")
                            + " and the horizon "
                            + horizon
                            + " begins after "
                            + horizon.lo()
                            + ", so no token of it has an FAI; take a longer response or a nearer"
                            + " horizon.");
        }
        int sentences = frame.sentences().count();
        if (sets.receivers().isEmpty()) {
            notes.add(
                    "The response has "
                            + sentences
                            + (sentences == 1 ? " sentence" : " sentences")
                            + "; receiver heads need at least "
                            + (frame.near() + 2)
                            + ", so that two of them are looked at from far enough.");
        }
        if (!logits) {
            notes.add(
                    "There is no entropy of tokens: it needs the logits of a model that runs in"
                            + " pieces, and a capture or dump holds none.");
        }
        return List.copyOf(notes);
    }

    /** What was found along the response; arrays [R]. */
    private final class Found {
        private final double[] waad;
        private final double[] fai;
        private final double[] receiver;
        private final double[] entropy;
        private final Credit credit;
        private final List<Integer> waadPeaks;
        private final List<Integer> faiPeaks;
        private final List<Integer> receiverPeaks;

        Found(double[] waad, double[] fai, double[] receiver, double[] entropy) {
            RhythmSettings settings = frame.settings();
            this.waad = waad;
            this.fai = fai;
            this.receiver = receiver;
            this.entropy = entropy;
            this.credit = new Credit(waad, fai, settings.credit());
            this.waadPeaks = settings.peaks().find(waad);
            this.faiPeaks = settings.peaks().find(fai);
            this.receiverPeaks = settings.peaks().find(receiver);
        }

        Coupling coupling() {
            return Coupling.of(
                    fai, entropy, waadPeaks, faiPeaks, receiverPeaks, frame.settings().shuffles());
        }

        RhythmToken token(int t) {
            return new RhythmToken(
                    tokens.get(frame.from() + t),
                    waad[t],
                    credit.step[t],
                    fai[t],
                    receiver[t],
                    entropy[t],
                    attentionEntropy[t] / Math.max(1, taken),
                    new RhythmToken.Marks(
                            Collections.binarySearch(waadPeaks, t) >= 0,
                            Collections.binarySearch(faiPeaks, t) >= 0,
                            Collections.binarySearch(receiverPeaks, t) >= 0,
                            credit.preplan[t],
                            credit.anchor[t],
                            credit.prepared[t],
                            credit.introduces[t]),
                    credit.weights(t));
        }
    }
}
