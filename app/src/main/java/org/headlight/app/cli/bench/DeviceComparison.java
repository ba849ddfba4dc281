package org.headlight.app.cli.bench;

import org.headlight.analysis.heads.HeadStatistics;
import org.headlight.analysis.heads.HeadSurvey;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.catalog.PolicyCatalog;
import org.headlight.analysis.sparse.position.RotaryFinder;
import org.headlight.analysis.sparse.run.Assignment;
import org.headlight.analysis.sparse.run.DenseRun;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.headlight.analysis.sparse.run.SparseOptions;
import org.headlight.analysis.sparse.run.SparseResult;
import org.headlight.analysis.sparse.run.SparseStudy;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The same runs of a model on a device and on the processor, held against each other: queries, keys
 * and values, measures of heads, logits in pieces, sparse policies, and a response.
 */
public final class DeviceComparison {
    private static final int TOKENS = 500;
    private static final int PROMPT = 440;
    private static final int RESPONSE = 24;
    private static final List<String> POLICIES =
            List.of("xattention", "vertical-slash", "a-shape", "streaming");

    private final Model device;
    private final Model processor;
    private final Tolerances allowed;
    private final List<Line> lines = new ArrayList<>();

    /**
     * One thing that was compared.
     *
     * @param what is compared
     * @param difference between the device and the processor
     * @param tolerance how large it may be
     * @param note more to know; empty for nothing
     */
    public record Line(String what, double difference, double tolerance, String note) {
        /** Whether the two agree. */
        public boolean passes() {
            return difference <= tolerance;
        }
    }

    /**
     * How far the two may be apart.
     *
     * @param numbers queries, keys, values and logits: norm of the difference over the norm
     * @param measures of heads: over the larger of 1 and the measure
     * @param sparse logits of sparse runs, as numbers; a block whose score lies at the threshold
     *     may fall on either side
     * @param density of sparse runs
     * @param logit how far a token of the response may lie below the best one
     */
    public record Tolerances(
            double numbers, double measures, double sparse, double density, double logit) {
        /** For models in floats. */
        public static final Tolerances FLOATS = new Tolerances(1e-4, 1e-3, 1e-2, 0.01, 1e-3);

        /** For models in halves. */
        public static final Tolerances HALVES = new Tolerances(1e-2, 2e-2, 5e-2, 0.02, 0.1);
    }

    /**
     * @param device the model on the device
     * @param processor the same on the processor
     */
    public DeviceComparison(Model device, Model processor, Tolerances allowed) {
        this.device = device;
        this.processor = processor;
        this.allowed = allowed;
    }

    /** Whether a model computes in halves; it is cut to find out. */
    public static boolean halves(Model model) {
        List<Token> few = List.of(new Token(0, 1, "", false), new Token(1, 2, "", false));
        model.run(few, SeamHooks.NONE, CutOutcome.Wanted.LOGITS, Progress.NONE);
        return model.attention().numbers().equals("halves")
                || model.info().inputs().stream().anyMatch(in -> in.type().equals("float16"));
    }

    /** Compares everything. */
    public List<Line> run(Progress progress) {
        List<Token> tokens = tokens();
        progress.at(0, "queries, keys and values");
        try (Capture mine = device.capture(tokens, Progress.NONE);
                Capture truth = processor.capture(tokens, Progress.NONE)) {
            captured(mine, truth);
            progress.at(0.2, "measures of heads");
            measured(mine, truth);
        }
        progress.at(0.3, "logits in pieces");
        lines.add(
                new Line(
                        "logits in pieces",
                        apart(logits(device, tokens), logits(processor, tokens)),
                        allowed.numbers,
                        "attention on " + device.attention().words()));
        for (int i = 0; i < POLICIES.size(); i++) {
            progress.at(0.4 + 0.1 * i, POLICIES.get(i));
            progress.check();
            sparse(PolicyCatalog.standard().find(POLICIES.get(i)), tokens);
        }
        if (device.cannotGenerate().isEmpty()) {
            progress.at(0.9, "a response");
            written(tokens.subList(0, PROMPT / 4));
        }
        progress.at(1, "Done");
        return List.copyOf(lines);
    }

    private void captured(Capture mine, Capture truth) {
        double[] worst = new double[3];
        for (int s = 0; s < truth.sites().size(); s++) {
            SiteCapture site = truth.sites().get(s);
            for (int h = 0; h < site.heads().size(); h++) {
                HeadAttention one = mine.sites().get(s).heads().get(h);
                if (one instanceof QkHead a && site.heads().get(h) instanceof QkHead b) {
                    worst[0] = Math.max(worst[0], apart(a.q(), b.q()));
                    worst[1] = Math.max(worst[1], apart(a.k(), b.k()));
                    Matrix values = a.v();
                    Matrix others = b.v();
                    if (values != null && others != null) {
                        worst[2] = Math.max(worst[2], apart(values, others));
                    }
                }
            }
        }
        lines.add(new Line("queries", worst[0], allowed.numbers, "worst head"));
        lines.add(new Line("keys", worst[1], allowed.numbers, "worst head"));
        lines.add(new Line("values", worst[2], allowed.numbers, "worst head"));
    }

    private void measured(Capture mine, Capture truth) {
        List<HeadStatistics> one = survey(mine);
        List<HeadStatistics> other = survey(truth);
        double worst = one.size() == other.size() ? 0 : Double.POSITIVE_INFINITY;
        String where = "";
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            double now = apart(measures(one.get(i)), measures(other.get(i)));
            if (now > worst) {
                worst = now;
                where = one.get(i).name();
            }
        }
        lines.add(new Line("measures of heads", worst, allowed.measures, where));
    }

    private static List<HeadStatistics> survey(Capture capture) {
        return HeadSurvey.of(
                capture, SweepOptions.standard(), HeadSurvey.SINK_EPSILON, Progress.NONE);
    }

    private static double[] measures(HeadStatistics head) {
        return new double[] {
            head.entropy(),
            head.meanDistance(),
            head.received0(),
            head.previousToken(),
            head.induction(),
            head.locality(),
            head.confidence()
        };
    }

    private static double apart(double[] mine, double[] truth) {
        double worst = 0;
        for (int i = 0; i < truth.length; i++) {
            if (!(Double.isNaN(mine[i]) && Double.isNaN(truth[i]))) {
                double now = Math.abs(mine[i] - truth[i]) / Math.max(1, Math.abs(truth[i]));
                worst = Double.isNaN(now) ? Double.POSITIVE_INFINITY : Math.max(worst, now);
            }
        }
        return worst;
    }

    private static Matrix logits(Model model, List<Token> tokens) {
        return model.run(tokens, SeamHooks.NONE, CutOutcome.Wanted.LOGITS, Progress.NONE)
                .logits()
                .orElseThrow();
    }

    private void sparse(Policy policy, List<Token> tokens) {
        Assignment assignment = Assignment.everywhere(PolicyChoice.preset(policy, tokens.size()));
        SparseStudy mine = study(device);
        SparseStudy truth = study(processor);
        lines.add(
                new Line(
                        policy.info().name() + ": logits",
                        apart(
                                mine.logits(tokens, PROMPT, assignment, Progress.NONE),
                                truth.logits(tokens, PROMPT, assignment, Progress.NONE)),
                        allowed.sparse,
                        ""));
        SparseResult one = result(mine, tokens, assignment);
        SparseResult other = result(truth, tokens, assignment);
        lines.add(
                new Line(
                        policy.info().name() + ": density",
                        Math.abs(one.density() - other.density()),
                        allowed.density,
                        one.attention().chosen() > 0 ? "blocks chosen on the device" : ""));
    }

    private static SparseStudy study(Model model) {
        return new SparseStudy(
                model, SweepOptions.standard(), () -> RotaryFinder.find(model, Progress.NONE));
    }

    private static SparseResult result(
            SparseStudy study, List<Token> tokens, Assignment assignment) {
        try (DenseRun dense =
                study.dense(tokens, SparseStudy.needsCapture(assignment), Progress.NONE)) {
            return study.run(dense, PROMPT, assignment, SparseOptions.ALL, Progress.NONE);
        }
    }

    /** Whether what the device writes is what the processor would, but for near ties. */
    private void written(List<Token> prompt) {
        List<Token> text = new ArrayList<>(prompt);
        try (Generation response =
                device.generate(
                        prompt,
                        new GenerationOptions(
                                RESPONSE, GenerationOptions.greedy(1).sampling(), true),
                        GenerationListener.NONE,
                        Progress.NONE)) {
            for (int id : response.ids()) {
                text.add(new Token(text.size(), id, "", false));
            }
        }
        Matrix logits = logits(processor, text);
        float[] row = new float[logits.cols()];
        double gap = 0;
        int best = 0;
        for (int at = prompt.size(); at < text.size(); at++) {
            logits.copyRows(at - 1, at, row, 0);
            float most = Float.NEGATIVE_INFINITY;
            for (float logit : row) {
                most = Math.max(most, logit);
            }
            double below = most - row[text.get(at).id()];
            gap = Double.isNaN(below) ? Double.POSITIVE_INFINITY : Math.max(gap, below);
            best += below == 0 ? 1 : 0;
        }
        lines.add(
                new Line(
                        "response",
                        gap,
                        allowed.logit,
                        best
                                + " of "
                                + (text.size() - prompt.size())
                                + " tokens are the processor's own"));
    }

    /** Norm of the difference over the norm of the truth. */
    private static double apart(Matrix mine, Matrix truth) {
        if (mine.rows() != truth.rows() || mine.cols() != truth.cols()) {
            return Double.POSITIVE_INFINITY;
        }
        float[] a = new float[mine.cols()];
        float[] b = new float[truth.cols()];
        double difference = 0;
        double size = 0;
        for (int row = 0; row < truth.rows(); row++) {
            mine.copyRows(row, row + 1, a, 0);
            truth.copyRows(row, row + 1, b, 0);
            for (int i = 0; i < b.length; i++) {
                difference += Math.pow((double) a[i] - b[i], 2);
                size += (double) b[i] * b[i];
            }
        }
        double apart = Math.sqrt(difference / Math.max(size, Double.MIN_NORMAL));
        return Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart;
    }

    /** Words of a few topics that come again. */
    private List<Token> tokens() {
        SplittableRandom random = new SplittableRandom(7);
        int words = Math.min(device.info().vocabulary(), 512);
        List<Token> tokens = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            int id = i % 97 < 40 ? 4 + i % 97 : 4 + random.nextInt(words - 4);
            tokens.add(new Token(i, id, "", false));
        }
        return tokens;
    }
}
