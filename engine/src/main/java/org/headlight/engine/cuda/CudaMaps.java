package org.headlight.engine.cuda;

import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cuda.DeviceBuffers.Use;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.MapPooler;
import org.headlight.engine.sweep.PixelRows;
import org.headlight.engine.sweep.PooledMap;
import org.headlight.engine.sweep.Visibility;
import org.headlight.engine.task.Progress;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/**
 * Pools maps on an NVIDIA GPU: sends queries and keys, and fetches the pixels and what rows are
 * normalised by. Scores never leave the device. Memory is given back after each map. Calls from
 * several threads wait for each other.
 */
public final class CudaMaps implements MapPooler, AutoCloseable {
    /** Queries, and keys, that a block of threads works on together. */
    static final int TILE = 128;

    /**
     * Multiply-adds from which on a map is made here: two cores take some 70 ms for as many, 16
     * some 10 ms; sending, computing and fetching should take less.
     */
    public static final double PAYS = 2e9;

    /** The source of the kernels. */
    static final List<String> FILES = List.of("primitives.cu", "pool.cu");

    private static final int THREADS = 256;
    private static final int WARPS = THREADS / 32;

    /** Blocks of threads of a launch, for each multiprocessor: a few that follow each other. */
    private static final int BLOCKS = 8;

    private static final String STAGE = "Reading the map";

    /** How much of the work is done when rows are known, pixels not yet. */
    private static final double NORMS = 0.45;

    private final GpuDriver driver;
    private final double pays;
    private final DeviceBuffers buffers;
    private final Kernels kernels;
    private final Transfer transfer;
    private boolean trusted = true;

    /**
     * Takes over a device, which is closed with this. Kernels are used as they are; {@link #open}
     * has them tried before.
     *
     * @param pays multiply-adds from which on a map is made here
     */
    public CudaMaps(GpuDriver driver, KernelCompiler compiler, double pays) {
        this.driver = driver;
        this.pays = pays;
        driver.enter();
        this.buffers = new DeviceBuffers(driver, "The map");
        this.kernels = new Kernels(driver, compiler);
        this.transfer = new Transfer(driver, kernels, buffers);
    }

    /**
     * Opens a device, whose first map is preceded by a few small ones that are held against the
     * processor's.
     *
     * @param device its number, as CUDA counts
     * @throws BadInputException when there is no driver, no compiler or no such device
     */
    public static CudaMaps open(GpuAccess access, int device) {
        GpuDriver driver = access.driver(device);
        try {
            return new CudaMaps(driver, access.compiler(driver), PAYS).trying();
        } catch (BadInputException e) {
            Closing.all(driver::close);
            throw e;
        }
    }

    /** The same, which tries its kernels before it uses them. */
    CudaMaps trying() {
        trusted = false;
        return this;
    }

    /**
     * Whether the map of a head is one that a GPU makes, and large enough to be worth it.
     *
     * @param pays multiply-adds from which on it is
     */
    public static boolean takes(HeadAttention head, double pays) {
        return head instanceof QkHead qk
                && qk.q().cols() > 0
                && qk.rows() > 0
                && qk.cols() > 0
                && qk.mask().unbiased()
                && 0.5 * qk.rows() * qk.cols() * qk.q().cols() >= pays;
    }

    @Override
    public boolean takes(HeadAttention head) {
        return takes(head, pays);
    }

    /** The device. */
    public GpuInfo info() {
        return driver.info();
    }

    @Override
    public String device() {
        return "cuda:" + driver.info().index();
    }

    @Override
    public synchronized PooledMap pool(
            QkHead head, Visibility visibility, PixelRows pixels, Progress progress) {
        progress.check();
        driver.enter();
        if (!trusted) {
            trusted = new MapTrial().right((h, v, p) -> make(h, v, p, Progress.NONE));
            if (!trusted) {
                throw new BadInputException(
                        "The kernels of maps gave wrong numbers on "
                                + driver.info().name()
                                + " when they were tried.");
            }
        }
        return make(head, visibility, pixels, progress);
    }

    private PooledMap make(
            QkHead head, Visibility visibility, PixelRows pixels, Progress progress) {
        try {
            return new Run(head, new PoolCall(head, visibility, pixels), progress).run(pixels);
        } finally {
            buffers.close();
        }
    }

    /** One map. */
    private final class Run {
        private final QkHead head;
        private final PoolCall call;
        private final Progress progress;
        private final int largestLaunch = BLOCKS * driver.info().processors();
        private final PoolCall.Tensors at;

        Run(QkHead head, PoolCall call, Progress progress) {
            this.head = head;
            this.call = call;
            this.progress = progress;
            long row = (long) FlashKernel.padded(head.q().cols()) * Float.BYTES;
            long q = buffers.reserve(Use.QUERIES, row * head.rows());
            long k = buffers.reserve(Use.KEYS, row * head.cols());
            long table = buffers.reserve(Use.LISTS, (long) call.table().size() * Integer.BYTES);
            long rows = buffers.reserve(Use.LSE, call.rowFloats() * Float.BYTES);
            long pixels = Math.max(1L, call.pixels()) * Float.BYTES;
            long largest = buffers.reserve(Use.OUT, pixels);
            boolean cells = call.level() == 0;
            long sums = cells ? 0 : buffers.reserve(Use.SUMS, pixels);
            transfer.upload(head.q(), q, progress);
            transfer.upload(head.k(), k, progress);
            transfer.upload(call.table().values(), call.table().size(), table);
            at = new PoolCall.Tensors(q, k, table, rows, largest, sums);
        }

        PooledMap run(PixelRows pixels) {
            int tiles = Math.ceilDiv(head.rows(), TILE);
            for (int tile = 0; tile < tiles; tile += largestLaunch) {
                int count = Math.min(largestLaunch, tiles - tile);
                launch("row_norms", tile, count);
                waitAfter(NORMS * (tile + count) / tiles);
            }
            float[] max = rows(0, head.rows());
            float[] inverse = rows(1, head.rows());
            double dropped = call.excluded() > 0 ? dropped() : 0;
            float[][] largest = new float[pixels.rows()][];
            float[][] sums = call.level() == 0 ? largest : new float[pixels.rows()][];
            int blocks = call.blocks();
            for (int block = 0; block < blocks; block += largestLaunch) {
                int count = Math.min(largestLaunch, blocks - block);
                launch("pool_cells", block, count);
                int from = call.firstPixels(block);
                int to = Math.min(pixels.rows(), call.firstPixels(block + count));
                fetch(at.largest(), pixels, from, to, largest);
                if (call.level() > 0) {
                    fetch(at.sums(), pixels, from, to, sums);
                }
                waitAfter(NORMS + (1 - NORMS) * (block + count) / blocks);
            }
            float least = Float.POSITIVE_INFINITY;
            for (float one : rows(3, blocks)) {
                least = Math.min(least, one);
            }
            return new PooledMap(largest, sums, max, inverse, least, dropped);
        }

        private void waitAfter(double done) {
            driver.await();
            progress.check();
            progress.at(done, STAGE);
        }

        private void launch(String function, int firstBlock, int blocks) {
            long kernel = kernels.kernel(FILES, List.of(), function, 0);
            try (Arena arena = Arena.ofConfined()) {
                driver.launch(
                        kernel,
                        new GpuDriver.Grid(blocks, 1, 1, THREADS, 0),
                        call.arguments(arena, at, firstBlock));
            }
        }

        /** Mean share of the rows on keys that are left out. */
        private double dropped() {
            int most = Math.ceilDiv(head.rows(), WARPS);
            launch("left_out", 0, Math.min(most, largestLaunch));
            double sum = 0;
            for (float share : rows(2, head.rows())) {
                sum += share;
            }
            return sum / head.rows();
        }

        private float[] rows(int part, int count) {
            float[] numbers = new float[count];
            transfer.download(at.rows() + call.rowsAt(part) * Float.BYTES, numbers, 0, count);
            return numbers;
        }

        /** Fetches rows of pixels, which lie one after the other. */
        private void fetch(long source, PixelRows pixels, int from, int to, float[][] target) {
            int first = call.place(from);
            float[] band = new float[call.place(to) - first];
            transfer.download(source + (long) first * Float.BYTES, band, 0, band.length);
            for (int y = from; y < to; y++) {
                int place = call.place(y) - first;
                target[y] = Arrays.copyOfRange(band, place, place + pixels.length(y));
            }
        }
    }

    /** Bytes of device memory that are held. */
    synchronized long held() {
        return buffers.held();
    }

    @Override
    public synchronized void close() {
        Closing.all(driver::enter, transfer::close, buffers::close, kernels::close, driver::close);
    }
}
