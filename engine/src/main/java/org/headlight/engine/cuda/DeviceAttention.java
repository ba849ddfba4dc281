package org.headlight.engine.cuda;

import org.headlight.engine.attend.AntidiagonalScores;
import org.headlight.engine.attend.BlockRule;
import org.headlight.engine.attend.Selection;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Causal attention in halves over made-up tokens that stay in device memory: for measurements,
 * which are to leave the transfers out. Used by one thread; takes over the driver and closes it.
 */
public final class DeviceAttention implements AutoCloseable {
    private static final List<String> MAKING = List.of("primitives.cu", "measure.cu");
    private static final int PEAK_ROUNDS = 20_000;
    private static final int PERIOD = 512;
    private static final int TOPICS = 24;

    private final GpuDriver driver;
    private final DeviceBuffers buffers;
    private final Kernels kernels;
    private final Transfer transfer;
    private final AntidiagonalBlocks antidiagonals;
    private FlashCall.Tensors tensors = new FlashCall.Tensors(0, 0, 0, 0, 0, 0);
    private AntidiagonalBlocks.Site site = new AntidiagonalBlocks.Site(0, 0, 1, 1, 0, 0, 16, 1);

    /** Work whose time is measured. */
    @FunctionalInterface
    public interface Work {
        void start();
    }

    /** Takes over a device. */
    public DeviceAttention(GpuDriver driver, KernelCompiler compiler) {
        if (!driver.info().halves()) {
            throw new BadInputException(
                    driver.info().name()
                            + " has compute capability "
                            + driver.info().capability() / 10.0
                            + "; attention in halves needs 8.0 or newer.");
        }
        this.driver = driver;
        driver.enter();
        this.buffers = new DeviceBuffers(driver);
        this.kernels = new Kernels(driver, compiler);
        this.transfer = new Transfer(driver, kernels, buffers);
        this.antidiagonals = new AntidiagonalBlocks(driver, kernels, buffers, transfer);
    }

    /** The device. */
    public GpuInfo device() {
        return driver.info();
    }

    /**
     * Makes queries, keys and values like those of a text: near tokens, tokens of the same topic
     * and the first token fit, so that most of the attention lies in few places.
     *
     * @param width of a head, a multiple of 16, at least 48
     */
    public void make(int heads, int keyHeads, int tokens, int width) {
        long row = 2L * width;
        long q = buffers.reserve(DeviceBuffers.Use.QUERIES, row * heads * tokens);
        long k = buffers.reserve(DeviceBuffers.Use.KEYS, row * keyHeads * tokens);
        long v = buffers.reserve(DeviceBuffers.Use.VALUES, row * keyHeads * tokens);
        long out = buffers.reserve(DeviceBuffers.Use.OUT, 2 * row * heads * tokens);
        long lse = buffers.reserve(DeviceBuffers.Use.LSE, 4L * heads * tokens);
        tensors = new FlashCall.Tensors(q, k, v, out, lse, 0);
        float scale = (float) (1 / Math.sqrt(width));
        site = new AntidiagonalBlocks.Site(q, k, heads, keyHeads, tokens, tokens, width, scale);
        make(q, heads, 0);
        make(k, keyHeads, 1);
        make(v, keyHeads, 2);
        driver.await();
    }

    private void make(long target, int heads, int kind) {
        long kernel = kernels.kernel(MAKING, List.of(), "make_tokens", 0);
        try (Arena arena = Arena.ofConfined()) {
            Arguments arguments = new Arguments(arena);
            arguments.address(target).wide((long) heads * site.queries());
            arguments.number(site.queries()).number(site.width()).number(kind);
            arguments.number(PERIOD).number(TOPICS).number(0);
            driver.launch(
                    kernel,
                    new GpuDriver.Grid(driver.info().processors() * 8L, 1, 1, 256, 0),
                    arguments.segment());
        }
    }

    /** Attention over all keys up to each query's own, or over a band of them. */
    public void attend(Selection selection) {
        attend(selection.sharing(), FlashCall.Lists.NONE);
    }

    /**
     * Attention over chosen keys.
     *
     * @param lists of {@link #choose} or {@link #lists}
     */
    public void attend(Selection.Sharing sharing, FlashCall.Lists lists) {
        FlashKernel kernel = kernel(sharing.rows());
        int tokens = site.queries();
        FlashCall call =
                new FlashCall(
                        site.heads(),
                        site.keyHeads(),
                        tokens,
                        tokens,
                        site.width(),
                        site.scale(),
                        0,
                        new FlashCall.VisibleRule(-VisibleKeys.FAR, 1),
                        sharing.first(),
                        sharing.window());
        new FlashLaunch(driver, kernels).run(kernel, call, tensors, lists);
    }

    private FlashKernel kernel(int rowsTogether) {
        return FlashKernel.of(
                        Precision.FP16,
                        site.width(),
                        site.width(),
                        rowsTogether,
                        false,
                        driver.info())
                .orElseThrow(() ->
                        new BadInputException(
                                "There is no kernel for heads of "
                                        + site.width()
                                        + " on "
                                        + driver.info().name()
                                        + "."));
    }

    /** Scores blocks as XAttention does. */
    public void score(int stride, int block) {
        antidiagonals.sums(site, groups(stride, block), Progress.NONE);
    }

    private static AntidiagonalScores.Groups groups(int stride, int block) {
        return new AntidiagonalScores.Groups(stride, block, true, 0);
    }

    /** Chooses the fewest blocks that reach a threshold by the scores of the call before. */
    public AntidiagonalBlocks.Chosen choose(int stride, int block, double threshold) {
        FlashKernel kernel = kernel(block);
        return antidiagonals.choose(
                site,
                groups(stride, block),
                new BlockRule(threshold, false, 1),
                kernel.rows(),
                kernel.keys());
    }

    /**
     * Sends a selection of one head that serves all heads.
     *
     * @param selection whose queries share lists
     */
    public FlashCall.Lists lists(Selection selection) {
        FlashKernel kernel = kernel(selection.sharing().rows());
        int tokens = site.queries();
        KeyLists one =
                new KeyLists(
                        selection,
                        new Selection.Shape(1, 1, tokens, tokens),
                        kernel,
                        0,
                        1,
                        Progress.NONE);
        return new FlashCall.Lists(
                put(DeviceBuffers.Use.BEGINS, repeated(one.begins().values(), one.begins().size())),
                put(DeviceBuffers.Use.ENDS, repeated(one.ends().values(), one.ends().size())),
                put(DeviceBuffers.Use.LISTS, exact(one.pairs())),
                put(DeviceBuffers.Use.COLUMNS, exact(one.columns())),
                put(DeviceBuffers.Use.ORDER, repeated(one.order(), one.order().length)),
                one.groups(),
                one.groupRows(),
                0);
    }

    private static int[] exact(Ints values) {
        return Arrays.copyOf(values.values(), values.size());
    }

    private int[] repeated(int[] values, int count) {
        int[] all = new int[site.heads() * count];
        for (int head = 0; head < site.heads(); head++) {
            System.arraycopy(values, 0, all, head * count, count);
        }
        return all;
    }

    private long put(DeviceBuffers.Use use, int[] values) {
        long address = buffers.reserve(use, 4L * values.length);
        transfer.upload(values, values.length, address);
        return address;
    }

    /** The output, [heads, tokens, width], and log-sum-exps, [heads, tokens]: for comparison. */
    public float[] output() {
        float[] out = new float[site.heads() * site.queries() * site.width()];
        transfer.download(tensors.out(), out, 0, out.length);
        return out;
    }

    /** Milliseconds of work on the device: each of some runs, after one that is not counted. */
    public List<Double> millis(Work work, int runs) {
        work.start();
        driver.await();
        List<Double> times = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            long from = driver.mark();
            work.start();
            long to = driver.mark();
            times.add(driver.millisBetween(from, to));
        }
        return times;
    }

    /** Copies queries over the output: what moves twice as many bytes as the queries have. */
    public void copy() {
        driver.copy(tensors.out(), tensors.q(), queryBytes());
    }

    /** Bytes of the queries. */
    public long queryBytes() {
        return 2L * site.width() * site.heads() * site.queries();
    }

    /** Operations of {@link #runPeak}. */
    public double peakOperations() {
        return 2.0 * 16 * 8 * 16 * 8 * 8 * PEAK_ROUNDS * driver.info().processors() * 4;
    }

    /** Keeps the matrix units busy with numbers that lie in registers. */
    public void runPeak() {
        List<String> macros = List.of("PEAK");
        long kernel = kernels.kernel(MAKING, macros, "peak", 0);
        int blocks = driver.info().processors() * 4;
        long target = buffers.reserve(DeviceBuffers.Use.PARTIAL, 4L * 256 * blocks);
        try (Arena arena = Arena.ofConfined()) {
            Arguments arguments = new Arguments(arena);
            arguments.address(target).wide(PEAK_ROUNDS);
            driver.launch(kernel, new GpuDriver.Grid(blocks, 1, 1, 256, 0), arguments.segment());
        }
    }

    @Override
    public void close() {
        Closing.all(driver::enter, transfer::close, buffers::close, kernels::close, driver::close);
    }
}
