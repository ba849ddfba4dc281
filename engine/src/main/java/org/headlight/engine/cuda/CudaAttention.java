package org.headlight.engine.cuda;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.BlockRule;
import org.headlight.engine.attend.BlockScorer;
import org.headlight.engine.attend.Detour;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.cuda.DeviceBuffers.Use;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * Attention on an NVIDIA GPU: sends queries, keys and values, computes, and fetches the result,
 * some heads at a time where the device's memory does not hold all. What it cannot do goes to
 * another runner. Calls from several threads wait for each other. Memory of the device is kept from
 * call to call and given back by {@link #close}.
 */
public final class CudaAttention implements AttentionRunner {
    /** So few queries cost less where they are than their keys cost to send. */
    private static final int FEW = 8;

    private final GpuDriver driver;
    private final Precision precision;
    private final AttentionRunner other;
    private final DeviceBuffers buffers;
    private final Kernels kernels;
    private final Transfer transfer;
    private final AntidiagonalBlocks antidiagonals;
    private @Nullable KernelTrial trial;
    private @Nullable ScoringTrial scoring;
    private final BlockScorer scorer = new Scorer();

    /**
     * Takes over a device and another runner, which are closed with this. Kernels are used as they
     * are; {@link CudaOpening} has them tried before.
     *
     * @param precision what queries, keys and values are kept in; floats are taken where the device
     *     does not have the units for halves
     * @param other does what this cannot
     */
    public CudaAttention(
            GpuDriver driver, KernelCompiler compiler, Precision precision, AttentionRunner other) {
        this.driver = driver;
        this.precision = driver.info().halves() ? precision : Precision.FP32;
        this.other = other;
        driver.enter();
        this.buffers = new DeviceBuffers(driver);
        this.kernels = new Kernels(driver, compiler);
        this.transfer = new Transfer(driver, kernels, buffers);
        this.antidiagonals = new AntidiagonalBlocks(driver, kernels, buffers, transfer);
    }

    /** The same, which holds each kernel against the other runner before it uses it. */
    CudaAttention trying() {
        trial = new KernelTrial(other, driver.info().name());
        scoring = new ScoringTrial(antidiagonals, driver.info().name());
        return this;
    }

    /** Why a kernel was tried and is not used, one sentence; empty when none was refused. */
    public synchronized Optional<String> refusal() {
        return trial == null ? Optional.empty() : trial.refusal();
    }

    /** What queries, keys and values are kept in. */
    public Precision precision() {
        return precision;
    }

    /** The device. */
    public GpuInfo device() {
        return driver.info();
    }

    /** Bytes of device memory that are kept from call to call. */
    public synchronized long held() {
        return buffers.held();
    }

    /**
     * Why the other runner computes a call: this one takes masks that are rules (all keys, causal,
     * window), the same for all heads; keys that neighbouring queries share; heads up to 256 wide;
     * and more than 8 queries, since sending the keys for fewer costs more than the work.
     *
     * @return empty where it runs on the device
     */
    public Optional<Detour> detour(AttentionInput input, Selection selection) {
        if (input.q().rows() <= FEW) {
            return Optional.of(Detour.FEW_QUERIES);
        }
        if (input.k().rows() == 0 || !(input.scale() > 0)) {
            return Optional.of(Detour.EMPTY);
        }
        if (!selection.listed()) {
            return Optional.of(Detour.SKIPPING);
        }
        if (selection.sharing().rows() == 0) {
            return Optional.of(Detour.SINGLE_QUERIES);
        }
        if (kernel(input, selection).isEmpty()) {
            return Optional.of(Detour.WIDTH);
        }
        return VisibleKeys.of(input).isPresent() ? Optional.empty() : Optional.of(Detour.MASKS);
    }

    private Optional<FlashKernel> kernel(AttentionInput input, Selection selection) {
        return FlashKernel.of(
                precision,
                input.q().width(),
                input.v().width(),
                selection.sharing().rows(),
                input.softCap() > 0,
                driver.info());
    }

    @Override
    public synchronized void run(
            AttentionInput input, Selection selection, AttentionOutput output, Progress progress) {
        Optional<Detour> detour = detour(input, selection);
        if (detour.isEmpty() && !trusted(kernel(input, selection).orElseThrow())) {
            detour = Optional.of(Detour.REFUSED);
        }
        if (detour.isPresent()) {
            other.run(input, selection, output, progress);
            output.counters().detoured(detour.get());
            return;
        }
        FlashKernel kernel = kernel(input, selection).orElseThrow();
        long start = System.nanoTime();
        output.check(input);
        selection.verify(input);
        compute(kernel, input, selection, output, progress);
        output.counters().ranOnDevice();
        output.counters().took(System.nanoTime() - start);
    }

    /**
     * Why heads of such widths are not for this device, one sentence; empty when a trial of them
     * was right.
     */
    synchronized Optional<String> refusal(int depth, int width) {
        Optional<FlashKernel> kernel =
                FlashKernel.of(
                        precision, depth, width, Selection.Sharing.ALL, false, driver.info());
        if (kernel.isEmpty()) {
            return Optional.of(
                    "Heads of "
                            + depth
                            + " and "
                            + width
                            + " numbers are wider than what the kernels take on "
                            + driver.info().name()
                            + ".");
        }
        return trusted(kernel.get()) ? Optional.empty() : refusal();
    }

    /** Whether a kernel is right, as far as it was to be tried. */
    private boolean trusted(FlashKernel kernel) {
        return trial == null
                || trial.refusal(
                                kernel,
                                (input, output) ->
                                        compute(
                                                kernel,
                                                input,
                                                Selection.dense(),
                                                output,
                                                Progress.NONE))
                        .isEmpty();
    }

    private void compute(
            FlashKernel kernel,
            AttentionInput input,
            Selection selection,
            AttentionOutput output,
            Progress progress) {
        output.counters().clear();
        driver.enter();
        VisibleKeys visible = VisibleKeys.of(input).orElseThrow();
        for (HeadPart part : parts(input, kernel)) {
            progress.check();
            new Piece(input, selection, kernel, visible, part).run(output, progress);
        }
        // The pieces of the model need memory of the same device.
        buffers.giveBackWhereScarce();
    }

    /** The heads that fit together. */
    private List<HeadPart> parts(AttentionInput input, FlashKernel kernel) {
        long perQuery =
                (long) kernel.depth() * precision.bytes()
                        + (long) input.v().width() * Float.BYTES
                        + Float.BYTES;
        long perKey = (long) (kernel.depth() + kernel.width()) * precision.bytes();
        return HeadPart.of(
                input,
                buffers.room(Use.QUERIES, Use.KEYS, Use.VALUES, Use.OUT, Use.LSE),
                perQuery * input.q().rows(),
                perKey * input.k().rows());
    }

    /** Some heads of a call. */
    private final class Piece {
        private final AttentionInput input;
        private final Selection selection;
        private final FlashKernel kernel;
        private final VisibleKeys visible;
        private final int firstHead;
        private final int heads;
        private final int firstKeyHead;
        private final int keyHeads;

        Piece(
                AttentionInput input,
                Selection selection,
                FlashKernel kernel,
                VisibleKeys visible,
                HeadPart part) {
            this.input = input;
            this.selection = selection;
            this.kernel = kernel;
            this.visible = visible;
            this.firstHead = part.first();
            this.heads = part.heads();
            this.firstKeyHead = part.firstKey();
            this.keyHeads = part.keyHeads();
        }

        void run(AttentionOutput output, Progress progress) {
            Selection.Sharing sharing = selection.sharing();
            long rows = (long) heads * input.q().rows();
            long q = send(Use.QUERIES, input.q(), firstHead, heads, progress);
            long k = send(Use.KEYS, input.k(), firstKeyHead, keyHeads, progress);
            long v = send(Use.VALUES, input.v(), firstKeyHead, keyHeads, progress);
            long out = buffers.reserve(Use.OUT, rows * input.v().width() * Float.BYTES);
            long lse = buffers.reserve(Use.LSE, rows * Float.BYTES);
            FlashCall call = FlashCall.of(input, sharing, visible, heads, keyHeads);
            FlashCall.Lists lists = lists(output, progress);
            FlashCall.Tensors at = new FlashCall.Tensors(q, k, v, out, lse, sinks());
            launch(kernel, call, at, lists);
            transfer.download(out, output.out(), firstHead, heads, progress);
            transfer.download(lse, output.lse(), firstHead * input.q().rows(), rows);
        }

        private long send(Use use, HeadArray array, int first, int count, Progress progress) {
            long row = (long) FlashKernel.padded(array.width()) * precision.bytes();
            long address = buffers.reserve(use, row * array.rows() * count);
            transfer.upload(array, first, count, precision, address, progress);
            return address;
        }

        private long sinks() {
            float[] logits = new float[heads];
            boolean any = false;
            for (int head = 0; head < heads; head++) {
                logits[head] = input.sink(firstHead + head);
                any |= logits[head] != Float.NEGATIVE_INFINITY;
            }
            if (!any) {
                return 0;
            }
            long address = buffers.reserve(Use.SINKS, (long) heads * Float.BYTES);
            transfer.upload(logits, 0, heads, address);
            return address;
        }

        private FlashCall.Lists lists(AttentionOutput output, Progress progress) {
            if (selection.sharing().rows() == Selection.Sharing.ALL
                    && (selection.equals(Selection.dense())
                            || selection.sharing().first() != Selection.Sharing.ALL)) {
                long pairs = 0;
                for (int row = 0; row < input.q().rows(); row++) {
                    int seen = visible.to(row, input.k().rows()) - visible.from(row);
                    pairs += Math.max(0, Math.min(seen, used(row)));
                }
                count(output, pairs * heads);
                return FlashCall.Lists.NONE;
            }
            KeyLists lists =
                    new KeyLists(
                            selection,
                            Selection.Shape.of(input),
                            kernel,
                            firstHead,
                            heads,
                            progress);
            count(output, lists.pairsOfKeys());
            int[] order = lists.order();
            return new FlashCall.Lists(
                    put(Use.BEGINS, lists.begins()),
                    put(Use.ENDS, lists.ends()),
                    put(Use.LISTS, lists.pairs()),
                    put(Use.COLUMNS, lists.columns()),
                    put(Use.ORDER, order, order.length),
                    lists.groups(),
                    lists.groupRows(),
                    0);
        }

        /** How many keys a selection without lists has for a query. */
        private int used(int row) {
            Selection.Sharing sharing = selection.sharing();
            int own = Math.max(0, row + 1 + input.k().rows() - input.q().rows());
            return sharing.first() == Selection.Sharing.ALL
                    ? input.k().rows()
                    : (int) Math.min(own, (long) sharing.first() + sharing.window());
        }

        private void count(AttentionOutput output, long pairs) {
            long depth = input.q().width() + (long) input.v().width();
            long keyBytes = keyHeads * (long) input.k().rows() * depth * precision.bytes();
            long queryBytes = heads * (long) input.q().rows() * input.q().width();
            output.counters().add(pairs, pairs, keyBytes + queryBytes * precision.bytes());
        }

        private long put(Use use, Ints values) {
            return put(use, values.values(), values.size());
        }

        private long put(Use use, int[] values, int count) {
            long address = buffers.reserve(use, (long) count * Integer.BYTES);
            transfer.upload(values, count, address);
            return address;
        }
    }

    private void launch(
            FlashKernel kernel, FlashCall call, FlashCall.Tensors at, FlashCall.Lists lists) {
        new FlashLaunch(driver, kernels).run(kernel, call, at, lists);
    }

    private synchronized boolean scoresRight(int width) {
        return scoring == null || scoring.refusal(width).isEmpty();
    }

    @Override
    public BlockScorer scorer() {
        return scorer;
    }

    /** Scores and chooses blocks by queries and keys in halves. */
    private final class Scorer implements BlockScorer {
        @Override
        public boolean can(AttentionInput input, AntidiagonalScores.Groups groups) {
            return input.q().rows() > FEW
                    && antidiagonals.can(input, groups)
                    && scoresRight(input.q().width());
        }

        @Override
        public Optional<String> refusal() {
            synchronized (CudaAttention.this) {
                return scoring == null ? Optional.empty() : scoring.refusal();
            }
        }

        @Override
        public void score(
                AttentionInput input,
                AntidiagonalScores.Groups groups,
                float[] target,
                Progress progress) {
            synchronized (CudaAttention.this) {
                antidiagonals.scores(input, groups, target, progress);
            }
        }

        @Override
        public Optional<BlockCsr> choose(
                AttentionInput input,
                AntidiagonalScores.Groups groups,
                BlockRule rule,
                Progress progress) {
            boolean same =
                    VisibleKeys.of(input).filter(keys -> keys.are(groups, input)).isPresent();
            if (!same || !can(input, groups)) {
                return Optional.empty();
            }
            synchronized (CudaAttention.this) {
                return Optional.of(antidiagonals.choose(input, groups, rule, progress));
            }
        }
    }

    @Override
    public synchronized void close() {
        closeDevice();
        other.close();
    }

    /** Lets go of the device alone. */
    synchronized void closeDevice() {
        Closing.all(driver::enter, transfer::close, buffers::close, kernels::close, driver::close);
    }
}
