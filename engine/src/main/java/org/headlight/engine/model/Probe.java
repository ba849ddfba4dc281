package org.headlight.engine.model;

import ai.onnxruntime.OrtSession;

import org.headlight.engine.attention.AttentionFinder;
import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.UnsupportedSite;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** Runs a model on a little made-up input to see the sizes of its attention sites. */
final class Probe {
    /** Tokens of the probe, where the graph leaves that free. */
    static final int TOKENS = 8;

    /** The form of sites that attend one query a run. */
    private static final String ONE_QUERY = "DecoderMaskedMultiHeadAttention";

    private static final int[] LENGTHS = {8, 100, 1_000, 16_000};
    private static final int SPREAD = 7_919;

    /** Numbers of one input that is made up. */
    private static final long MOST_CELLS = 1 << 22;

    /**
     * What was seen.
     *
     * @param sites the sites that can be read
     * @param refused those that cannot, each with the reason
     * @param ran whether a made-up input ran; if not, every site is there, unseen
     * @param length the size that made-up inputs have where the graph leaves it free
     * @param masks what masks take on the heap
     */
    record Findings(
            List<ProbedSite> sites,
            List<UnsupportedSite> refused,
            boolean ran,
            int length,
            MaskCells masks) {

        List<AttentionSite> attention() {
            return sites.stream().map(ProbedSite::site).toList();
        }

        /** Sizes of each site; empty when no made-up input ran. */
        List<SiteSizes> sizes() {
            return ran ? sites.stream().map(ProbedSite::sizes).toList() : List.of();
        }

        /** Without the sites that there is a reason against; it is asked with each one's index. */
        Findings without(IntFunction<Optional<String>> reasons) {
            List<ProbedSite> kept = new ArrayList<>();
            List<UnsupportedSite> out = new ArrayList<>(refused);
            for (int i = 0; i < sites.size(); i++) {
                ProbedSite site = sites.get(i);
                reasons.apply(i)
                        .ifPresentOrElse(
                                reason -> out.add(new UnsupportedSite(site.site().node(), reason)),
                                () -> kept.add(site));
            }
            return new Findings(List.copyOf(kept), List.copyOf(out), ran, length, masks);
        }
    }

    private final RuntimeSession session;
    private final List<AttentionSite> sites;
    private final int vocabulary;

    /**
     * @param vocabulary ids of the model; 0 when unknown
     */
    Probe(RuntimeSession session, List<AttentionSite> sites, int vocabulary) {
        this.session = session;
        this.sites = sites;
        this.vocabulary = vocabulary;
    }

    /** As many made-up tokens as the graph wants, spread over the vocabulary. */
    int[] ids() {
        return ids(oneQuery() ? 1 : TOKENS);
    }

    /** Made-up tokens: {@code wished} of them where the graph leaves that free. */
    int[] ids(int wished) {
        int range = vocabulary > 0 ? vocabulary : 2;
        int[] ids = new int[tokens(wished)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = (int) ((11L + (long) i * SPREAD) % range);
        }
        return ids;
    }

    /** Whether the model takes one token a run, as its operators do. */
    private boolean oneQuery() {
        return sites.stream().anyMatch(site -> site.form().equals(ONE_QUERY));
    }

    /** The sizes of made-up inputs that are tried, one after the other. */
    private int[] lengths(boolean textual) {
        if (oneQuery()) {
            return textual ? new int[] {1} : new int[] {1, TOKENS};
        }
        return textual ? new int[] {TOKENS} : LENGTHS;
    }

    private int tokens(int wished) {
        List<GraphInput> inputs = session.inputs();
        boolean past = inputs.stream().anyMatch(i -> i.role() == GraphInput.Role.PAST);
        return inputs.stream()
                .filter(input ->
                        switch (input.role()) {
                            case IDS, POSITIONS, SEGMENTS -> true;
                            case ATTENTION_MASK -> !past;
                            default -> false;
                        })
                .map(input -> input.dims().getLast())
                .filter(dim -> dim > 0)
                .findFirst()
                .map(Math::toIntExact)
                .orElse(wished);
    }

    /** Made-up values for the inputs that tokens cannot give. */
    static Map<String, InputTensor> others(RuntimeSession session, int length) {
        Map<String, InputTensor> made = new HashMap<>();
        for (GraphInput input : WholeFeeds.missing(session, List.of())) {
            long[] shape = shape(input, length);
            float[] values = new float[Math.toIntExact(cells(shape))];
            for (int i = 0; i < values.length; i++) {
                values[i] = Feeds.floating(input.type()) ? (float) Math.sin(i * 0.37) * 0.1f : 1;
            }
            made.put(input.name(), InputTensor.floats(values, shape));
        }
        return made;
    }

    private static long[] shape(GraphInput input, int length) {
        long[] shape = new long[input.dims().size()];
        for (int i = 0; i < shape.length; i++) {
            long dim = input.dims().get(i);
            shape[i] = dim >= 0 ? dim : i == 0 ? 1 : length;
        }
        return shape;
    }

    private static long cells(long[] shape) {
        long cells = 1;
        for (long dim : shape) {
            cells = Math.multiplyExact(cells, dim);
        }
        return cells;
    }

    /** Whether made-up inputs of this size are small; some have several axes that are free. */
    private boolean small(int length) {
        return WholeFeeds.missing(session, List.of()).stream()
                .allMatch(input -> cells(shape(input, length)) <= MOST_CELLS);
    }

    /** Runs sites for somebody who looks at the capture and throws it away. */
    static CaptureRun runner(RuntimeSession session, List<AttentionSite> sites) {
        return new CaptureRun(
                session,
                sites,
                ModelOptions.defaults(),
                seconds -> new CaptureInfo("", "", "", "", seconds));
    }

    /** What a capture holds of a site. */
    static SiteCapture of(Capture capture, AttentionSite site) {
        return capture.sites().stream()
                .filter(s -> s.layer() == site.layer() && s.kind() == site.kind())
                .findFirst()
                .orElseThrow();
    }

    /**
     * Runs the probe.
     *
     * @throws BadInputException when the model reads tokens and does not run
     */
    Findings run(Progress progress) {
        boolean textual = textual();
        Findings best =
                new Findings(
                        sites.stream().map(ProbedSite::unseen).toList(),
                        List.of(),
                        false,
                        0,
                        MaskCells.NONE);
        for (int length : lengths(textual)) {
            progress.check();
            if (!textual && !small(length)) {
                break;
            }
            try {
                Findings now = probe(length, progress);
                best = best.ran && now.sites.isEmpty() ? best : now;
            } catch (RunFailure e) {
                if (textual) {
                    throw e.refusal(session.owner(), ids().length);
                }
            }
            // Frames stand for many samples: one key alone would tell nothing.
            boolean enough = best.sites.stream().allMatch(s -> s.sizes().keys() > 2);
            if (best.ran && !best.sites.isEmpty() && enough) {
                break;
            }
        }
        return best;
    }

    /** Whether tokens give every input. */
    private boolean textual() {
        return WholeFeeds.missing(session, List.of()).isEmpty();
    }

    /** A site that cannot be read is left out, and the others are tried again. */
    private Findings probe(int length, Progress progress) {
        int[] ids = ids();
        List<AttentionSite> left = new ArrayList<>(sites);
        List<UnsupportedSite> refused = new ArrayList<>();
        try (Feeds feeds = WholeFeeds.of(session, others(session, length), ids)) {
            while (!left.isEmpty()) {
                MaskWatch masks = new MaskWatch();
                try (Capture capture =
                        runner(session, left)
                                .observed(Set.of(), masks)
                                .whole(feeds, RunRecorder.frames(ids.length), progress)) {
                    List<ProbedSite> seen =
                            left.stream().map(site -> seen(site, of(capture, site))).toList();
                    return new Findings(seen, List.copyOf(refused), true, length, masks.cells);
                } catch (SiteFailure e) {
                    refused.add((feeds.single() ? e.ofOneInput() : e).unsupported());
                    left.removeIf(site -> site.node().equals(e.node()));
                } catch (RunFailure e) {
                    if (!textual()) {
                        throw e;
                    }
                    AttentionSite beside = beside(left, e);
                    refused.add(new UnsupportedSite(beside.node(), inOneSentence(e)));
                    left.remove(beside);
                }
            }
        }
        return new Findings(List.of(), List.copyOf(refused), true, length, MaskCells.NONE);
    }

    /** The site whose queries the runtime cannot make beside it, if that is what failed. */
    private static AttentionSite beside(List<AttentionSite> sites, RunFailure failure) {
        String words = String.valueOf(failure.getMessage());
        return sites.stream()
                .filter(site -> site.query().startsWith(AttentionFinder.ADDED))
                .filter(site ->
                        words.contains(
                                site.query().substring(0, site.query().lastIndexOf('/') + 1)))
                .findFirst()
                .orElseThrow(() -> failure);
    }

    private static String inOneSentence(RunFailure failure) {
        return "Its queries, keys and values cannot be made beside it: "
                + failure.getMessage()
                + ".";
    }

    /** Notes what the masks of a run take. */
    private static final class MaskWatch implements CaptureRun.Observer {
        private MaskCells cells = MaskCells.NONE;

        @Override
        public void chunk(int row0, OrtSession.Result result) {
            // Only the end counts.
        }

        @Override
        public void masks(MaskCells seen) {
            cells = seen;
        }
    }

    private ProbedSite seen(AttentionSite site, SiteCapture seen) {
        HeadAttention first = seen.heads().getFirst();
        if (!(first instanceof QkHead head) || head.v() == null) {
            throw new IllegalStateException(seen.node());
        }
        long values = seen.heads().stream().map(h -> ((QkHead) h).v()).distinct().count();
        SiteSizes sizes =
                new SiteSizes(
                        head.rows(),
                        head.cols(),
                        seen.heads().size(),
                        head.q().cols(),
                        seen.kvHeads(),
                        (int) values,
                        head.v().cols());
        return new ProbedSite(site, sizes, LoneQuery.causal(site, head, session.inputs()));
    }
}
