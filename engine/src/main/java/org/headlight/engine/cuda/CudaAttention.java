package org.headlight.engine.cuda;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.AttentionRunner;
import org.headlight.engine.attend.BlockCsr;
import org.headlight.engine.attend.HeadArray;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.cuda.DeviceBuffers.Use;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.lang.foreign.Arena;
import java.nio.file.Path;
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

    /** Memory that is left free for the driver and others. */
    private static final long MARGIN = 1L << 28;

    private final GpuDriver driver;
    private final Precision precision;
    private final AttentionRunner other;
    private final DeviceBuffers buffers;
    private final Kernels kernels;
    private final Transfer transfer;
    private final AntidiagonalBlocks antidiagonals;
    private @Nullable KernelTrial trial;

    /**
     * Takes over a device and another runner, which are closed with this. Kernels are used as they
     * are; {@link #open} tries them before.
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

    /**
     * Attention on a device; by the other runner alone where the driver or the compiler of CUDA is
     * not found. Each kernel is held against the other runner before it is used.
     *
     * @param folder where the compiler may lie
     */
    public static AttentionRunner open(
            int device, Optional<Path> folder, Precision precision, AttentionRunner other) {
        CudaDriver driver;
        try {
            driver = CudaDriver.open(device);
        } catch (BadInputException e) {
            return other;
        }
        try {
            return new CudaAttention(
                            driver, Nvrtc.open(folder, driver.cudaVersion()), precision, other)
                    .trying();
        } catch (BadInputException e) {
            Closing.all(driver::close);
            return other;
        }
    }

    /** The same, which tries each kernel before it uses it. */
    CudaAttention trying() {
        trial = new KernelTrial(other, driver.info().name());
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
     * Whether this runs on the device: masks are rules (all keys, causal, window), the same for all
     * heads; neighbouring queries share their keys; heads are at most 256 wide; and there are more
     * than 8 queries, since sending the keys for fewer costs more than the work.
     */
    public boolean can(AttentionInput input, Selection selection) {
        return input.q().rows() > FEW
                && input.k().rows() > 0
                && input.scale() > 0
                && kernel(input, selection).isPresent()
                && VisibleKeys.of(input).isPresent();
    }

    private Optional<FlashKernel> kernel(AttentionInput input, Selection selection) {
        int rows = selection.sharing().rows();
        if (rows == 0) {
            return Optional.empty();
        }
        return FlashKernel.of(
                precision,
                input.q().width(),
                input.v().width(),
                rows,
                input.softCap() > 0,
                driver.info());
    }

    @Override
    public synchronized void run(
            AttentionInput input, Selection selection, AttentionOutput output, Progress progress) {
        Optional<FlashKernel> kernel = kernel(input, selection);
        if (kernel.isEmpty() || !can(input, selection) || !trusted(kernel.get())) {
            other.run(input, selection, output, progress);
            return;
        }
        long start = System.nanoTime();
        output.check(input);
        selection.verify(input);
        compute(kernel.get(), input, selection, output, progress);
        output.counters().took(System.nanoTime() - start);
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
        int most = headsAtATime(input, kernel);
        int heads = input.q().heads();
        int group = heads / input.k().heads();
        int head = 0;
        while (head < heads) {
            progress.check();
            // Pieces of less than a group end where the group does.
            int rest = most < group ? group - head % group : heads - head;
            int count = Math.min(most, rest);
            new Piece(input, selection, kernel, visible, head, count).run(output, progress);
            head += count;
        }
    }

    /** Query heads whose numbers fit: whole groups that share keys, or a part of one group. */
    private int headsAtATime(AttentionInput input, FlashKernel kernel) {
        HeadArray q = input.q();
        int group = q.heads() / input.k().heads();
        long perQuery =
                (long) kernel.depth() * precision.bytes()
                        + (long) input.v().width() * Float.BYTES
                        + Float.BYTES;
        long perKey = (long) (kernel.depth() + kernel.width()) * precision.bytes();
        long keyBytes = perKey * input.k().rows();
        long queryBytes = perQuery * q.rows();
        long room = driver.memory().freeBytes() + buffers.held() - MARGIN;
        long groups = room / (keyBytes + group * queryBytes);
        if (groups >= 1) {
            return (int) Math.min(groups, input.k().heads()) * group;
        }
        return Math.clamp((room - keyBytes) / queryBytes, 1, group);
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
                int firstHead,
                int heads) {
            this.input = input;
            this.selection = selection;
            this.kernel = kernel;
            this.visible = visible;
            this.firstHead = firstHead;
            this.heads = heads;
            this.firstKeyHead = input.keyHead(firstHead);
            this.keyHeads = input.keyHead(firstHead + heads - 1) - firstKeyHead + 1;
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
        long tiles = Math.ceilDiv(call.queries(), kernel.rows());
        GpuDriver.Grid grid =
                new GpuDriver.Grid(
                        call.heads() * tiles, 1, 1, kernel.threads(), kernel.sharedBytes());
        try (Arena arena = Arena.ofConfined()) {
            driver.launch(kernels.flash(kernel), grid, call.arguments(arena, at, lists));
        }
    }

    /** Whether {@link #blockScores} and {@link #chooseBlocks} run on the device. */
    public boolean canScore(AttentionInput input, AntidiagonalScores.Groups groups) {
        return antidiagonals.can(input, groups);
    }

    /**
     * The block scores of XAttention, as {@link AntidiagonalScores} has them, from queries and keys
     * in halves.
     *
     * @param target receives the block sums, [H, ceil(N / block), ceil(M / block)]
     */
    public synchronized void blockScores(
            AttentionInput input,
            AntidiagonalScores.Groups groups,
            float[] target,
            Progress progress) {
        antidiagonals.scores(input, groups, target, progress);
    }

    /** The blocks that a rule chooses by these scores. */
    public synchronized BlockCsr chooseBlocks(
            AttentionInput input,
            AntidiagonalScores.Groups groups,
            AntidiagonalBlocks.Rule rule,
            Progress progress) {
        return antidiagonals.choose(input, groups, rule, progress);
    }

    @Override
    public synchronized void close() {
        Closing.all(
                driver::enter,
                transfer::close,
                buffers::close,
                kernels::close,
                driver::close,
                other::close);
    }
}
