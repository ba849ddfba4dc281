package org.headlight.engine.model;

import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs a model on a little made-up input to see the sizes of its attention sites. */
final class Probe {
    /**
     * What was seen.
     *
     * @param sizes sizes of each site; empty when no made-up input would run
     * @param causal whether the mask of each site was causal
     * @param cache how texts are run in chunks; empty when they cannot be
     * @param length the size that made-up inputs have where the graph leaves it free
     */
    record Findings(
            List<SiteSizes> sizes, List<Boolean> causal, Optional<CacheWiring> cache, int length) {}

    private static final int TOKENS = 8;
    private static final int FIRST_CHUNK = 5;
    private static final int[] LENGTHS = {8, 100, 1_000, 16_000};
    private static final int SPREAD = 7_919;

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

    /** Made-up tokens, spread over the vocabulary. */
    int[] ids(int count) {
        int range = vocabulary > 0 ? vocabulary : 2;
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (int) ((11L + (long) i * SPREAD) % range);
        }
        return ids;
    }

    /** As many tokens as the graph wants; {@code wished} when it leaves that free. */
    int tokens(int wished) {
        return session.inputs().stream()
                .filter(input -> input.role() == GraphInput.Role.IDS)
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
            long[] shape = new long[input.dims().size()];
            int size = 1;
            for (int i = 0; i < shape.length; i++) {
                long dim = input.dims().get(i);
                shape[i] = dim >= 0 ? dim : i == 0 ? 1 : length;
                size = Math.multiplyExact(size, Math.toIntExact(shape[i]));
            }
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = Feeds.floating(input.type()) ? (float) Math.sin(i * 0.37) * 0.1f : 1;
            }
            made.put(input.name(), InputTensor.floats(values, shape));
        }
        return made;
    }

    /**
     * Runs the probe.
     *
     * @throws BadInputException when the model reads tokens and does not run
     */
    Findings run(Progress progress) {
        boolean textual = WholeFeeds.missing(session, List.of()).isEmpty();
        Findings best = new Findings(List.of(), List.of(), Optional.empty(), 0);
        for (int length : textual ? new int[] {TOKENS} : LENGTHS) {
            progress.check();
            try {
                best = probe(length, progress);
            } catch (RunFailure e) {
                if (textual) {
                    throw new BadInputException(
                            session.owner()
                                    + " fails on "
                                    + tokens(TOKENS)
                                    + " tokens: "
                                    + e.getMessage()
                                    + ".",
                            e);
                }
            }
            // Frames stand for many samples: one key alone would tell nothing.
            if (!best.sizes.isEmpty() && best.sizes.stream().allMatch(s -> s.keys() > 2)) {
                break;
            }
        }
        return best;
    }

    private Findings probe(int length, Progress progress) {
        int[] ids = ids(tokens(TOKENS));
        List<SiteSizes> sizes = new ArrayList<>();
        List<Boolean> causal = new ArrayList<>();
        try (Feeds feeds = WholeFeeds.of(session, others(session, length), ids);
                Capture capture = runner().whole(feeds, RunRecorder.frames(ids.length), progress)) {
            for (AttentionSite site : sites) {
                SiteCapture seen = site(capture, site);
                sizes.add(sizes(seen));
                causal.add(seen.heads().getFirst().mask().causal());
            }
        }
        return new Findings(
                List.copyOf(sizes), List.copyOf(causal), cache(sizes, progress), length);
    }

    private CaptureRun runner() {
        return new CaptureRun(
                session,
                sites,
                ModelOptions.defaults(),
                seconds -> new CaptureInfo("", "", "", "", seconds));
    }

    private static SiteCapture site(Capture capture, AttentionSite site) {
        return capture.sites().stream()
                .filter(s -> s.layer() == site.layer() && s.kind() == site.kind())
                .findFirst()
                .orElseThrow();
    }

    private static SiteSizes sizes(SiteCapture seen) {
        HeadAttention first = seen.heads().getFirst();
        if (!(first instanceof QkHead head) || head.v() == null) {
            throw new IllegalStateException(seen.node());
        }
        long values = seen.heads().stream().map(h -> ((QkHead) h).v()).distinct().count();
        return new SiteSizes(
                head.rows(),
                head.cols(),
                seen.heads().size(),
                head.q().cols(),
                seen.kvHeads(),
                (int) values,
                head.v().cols());
    }

    /** Tries two chunks: only where they work, and give what the sites need, texts are chunked. */
    private Optional<CacheWiring> cache(List<SiteSizes> sizes, Progress progress) {
        Optional<CacheWiring> wiring = CacheWiring.of(session.inputs(), session.outputs());
        boolean possible =
                wiring.isPresent()
                        && WholeFeeds.missing(session, List.of()).isEmpty()
                        && tokens(TOKENS) == TOKENS
                        && sites.stream().allMatch(site -> site.kind() == SiteKind.SELF)
                        && sizes.stream().allMatch(s -> s.rows() == s.keys());
        if (!possible) {
            return Optional.empty();
        }
        for (boolean hold : new boolean[] {true, false}) {
            CacheWiring tried = wiring.get().withKeysHoldPast(hold);
            if (works(tried, sizes, progress)) {
                return Optional.of(tried);
            }
        }
        return Optional.empty();
    }

    private boolean works(CacheWiring wiring, List<SiteSizes> sizes, Progress progress) {
        int[] ids = ids(TOKENS);
        List<Token> tokens = RunRecorder.frames(TOKENS);
        try (Capture capture =
                runner().chunked(
                                new CaptureRun.Text(ids, tokens),
                                wiring,
                                sizes,
                                past -> FIRST_CHUNK,
                                progress)) {
            return capture.sites().size() == sites.size();
        } catch (RunFailure
                | BadInputException
                | IllegalStateException
                | IndexOutOfBoundsException e) {
            return false;
        }
    }
}
