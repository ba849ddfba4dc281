package org.headlight.analysis.retrieval;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.kernel.KernelProvider;
import org.headlight.engine.sweep.HeadReader;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Reads off the map of a response which tokens each head copied: at the step that writes token w,
 * the head's largest weight lies on a token w of the needle. The row of a step is that of the token
 * before it, as the model had it when it chose.
 */
public final class CopyReader {
    private static final int ROWS = 64;

    private final int topK;

    /**
     * @param topK how many of the largest weights of a row are looked at; the first of them that
     *     lies on the token in the needle counts
     */
    public CopyReader(int topK) {
        if (topK < 1) {
            throw new IllegalArgumentException("top-k " + topK);
        }
        this.topK = topK;
    }

    /** The heads of self-attention. */
    static List<HeadAddress> heads(Capture capture) {
        List<HeadAddress> heads = new ArrayList<>();
        for (SiteCapture site : capture.sites()) {
            if (site.kind() == SiteKind.SELF) {
                for (int head = 0; head < site.heads().size(); head++) {
                    heads.add(HeadAddress.self(site.layer(), head));
                }
            }
        }
        return heads;
    }

    /**
     * Reads.
     *
     * @param capture of prompt and response
     * @param needleStart position of the needle's first token
     * @param needleEnd position after its last
     * @return the heads that copied something
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public List<HeadCopies> copies(
            Capture capture, int needleStart, int needleEnd, Progress progress) {
        List<HeadCopies> all = new ArrayList<>();
        double heads = capture.sites().stream().mapToInt(site -> site.heads().size()).sum();
        int read = 0;
        for (SiteCapture site : capture.sites()) {
            if (site.kind() != SiteKind.SELF) {
                read += site.heads().size();
                continue;
            }
            for (int head = 0; head < site.heads().size(); head++) {
                progress.check();
                progress.at(read++ / heads, "looking for copies");
                List<Copy> copies =
                        copies(
                                site.heads().get(head),
                                capture.tokens(),
                                capture.responseFrom(),
                                needleStart,
                                needleEnd);
                if (!copies.isEmpty()) {
                    all.add(new HeadCopies(HeadAddress.self(site.layer(), head), copies));
                }
            }
        }
        return all;
    }

    private List<Copy> copies(
            HeadAttention head, List<Token> tokens, int responseFrom, int start, int end) {
        HeadReader reader = new HeadReader(head, Set.of(), KernelProvider.best());
        int keys = head.cols();
        int last = tokens.size();
        float[] rows = new float[Math.multiplyExact(Math.min(ROWS, last - responseFrom), keys)];
        List<Copy> copies = new ArrayList<>();
        for (int from = responseFrom; from < last; from += ROWS) {
            int count = Math.min(ROWS, last - from);
            reader.probabilities(from - 1, from - 1 + count, 0, keys, rows, 0, keys);
            for (int i = 0; i < count; i++) {
                int written = tokens.get(from + i).id();
                for (int key : largest(rows, i * keys, keys)) {
                    if (key >= start && key < end && tokens.get(key).id() == written) {
                        int step = from + i - responseFrom;
                        copies.add(new Copy(step, key, written, rows[i * keys + key]));
                        break;
                    }
                }
            }
        }
        return copies;
    }

    /** The keys of the largest weights, largest first; the first key among equals. */
    private int[] largest(float[] values, int offset, int keys) {
        int[] best = new int[Math.min(topK, keys)];
        int found = 0;
        for (int key = 0; key < keys; key++) {
            float value = values[offset + key];
            if (Float.isNaN(value)
                    || (found == best.length && value <= values[offset + best[found - 1]])) {
                continue;
            }
            int at = found < best.length ? found++ : found - 1;
            while (at > 0 && values[offset + best[at - 1]] < value) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = key;
        }
        return Arrays.copyOf(best, found);
    }
}
