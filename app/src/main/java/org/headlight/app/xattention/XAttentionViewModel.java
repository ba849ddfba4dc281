package org.headlight.app.xattention;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.analysis.antidiagonal.BlockMass;
import org.headlight.analysis.antidiagonal.BlockTable;
import org.headlight.analysis.antidiagonal.HeadBlocks;
import org.headlight.analysis.antidiagonal.XAttentionOptions;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.HeadAttention;
import org.headlight.engine.capture.ProbabilityHead;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.viz.control.grid.HeadRef;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The block scores of the head on show, the blocks chosen by them, and how good the choice is. The
 * blocks come first and at once; what is true needs a sweep over the map, once a head.
 */
public final class XAttentionViewModel {
    /** Lanes whose work reads captures. */
    static final List<String> LANES = List.of("xattention", "xattention-mass", "xattention-all");

    static final String EMPTY =
            "Run a text, or open a capture with queries and keys: the blocks of the head on show"
                    + " are scored at once.";
    static final String PROBABILITIES =
            "A dump of probabilities has no queries and keys, which the antidiagonal scores are"
                    + " made of: open the model itself or a capture.";

    private static final long SLOW_CELLS = 3_000L * 3_000L;
    private static final long QUICK_SURVEY = 24L * 4_096 * 4_096;
    private static final long KEPT_NUMBERS = 32L << 20;

    private final TaskRunner tasks;
    private final ExploreViewModel explore;
    private final BlockWork work;
    private final ReadingState state = new ReadingState(EMPTY);
    private final ReadOnlyObjectWrapper<XAttentionOptions> options =
            new ReadOnlyObjectWrapper<>(XAttentionOptions.defaults());
    private final ReadOnlyObjectWrapper<ShownBlocks> shown =
            new ReadOnlyObjectWrapper<>(ShownBlocks.NOTHING);
    private final ReadOnlyDoubleWrapper milliseconds = new ReadOnlyDoubleWrapper(Double.NaN);
    private final ObservableList<HeadBlocks> heads = FXCollections.observableArrayList();
    private final BooleanProperty paintScores = new SimpleBooleanProperty();
    private final BooleanProperty perHead = new SimpleBooleanProperty();
    private final Map<HeadRef, BlockTable> scored = new HashMap<>();
    private final Map<HeadRef, BlockMass> masses = new HashMap<>();
    private @Nullable HeadRef sweeping;
    private @Nullable XAttentionOptions surveying;
    private boolean active;

    /**
     * Follows what {@code explore} shows, while it is active.
     *
     * @param sweep how maps are walked
     */
    public XAttentionViewModel(TaskRunner tasks, ExploreViewModel explore, SweepOptions sweep) {
        this.tasks = tasks;
        this.explore = explore;
        this.work = new BlockWork(sweep, KEPT_NUMBERS);
        explore.captureProperty().addListener((property, old, now) -> restart());
        explore.shownHeadProperty().addListener((property, old, now) -> refresh());
        paintScores.addListener((property, old, now) -> refresh());
        perHead.addListener((property, old, now) -> {
            refresh();
            chooseAgain();
        });
    }

    /** What the pane has to show. */
    public ReadingState state() {
        return state;
    }

    /** The parameters. */
    public ReadOnlyObjectProperty<XAttentionOptions> optionsProperty() {
        return options.getReadOnlyProperty();
    }

    /** What is known of the head on show: it changes as a whole. */
    public ReadOnlyObjectProperty<ShownBlocks> shownProperty() {
        return shown.getReadOnlyProperty();
    }

    /** How long the last redraw took, from the change to the picture; NaN before. */
    public ReadOnlyDoubleProperty millisecondsProperty() {
        return milliseconds.getReadOnlyProperty();
    }

    /** Every head, once they have been measured. */
    public ObservableList<HeadBlocks> heads() {
        return heads;
    }

    /** Whether the scores are painted over the map. */
    public BooleanProperty paintScoresProperty() {
        return paintScores;
    }

    /** The options of the command that chooses the same blocks. */
    List<String> commandOptions() {
        XAttentionOptions now = options.get();
        List<String> words = new ArrayList<>();
        words.addAll(List.of("--block", Integer.toString(now.block())));
        words.addAll(List.of("--stride", Integer.toString(now.stride())));
        words.addAll(
                perHead.get()
                        ? List.of("--profile")
                        : List.of("--threshold", Double.toString(now.threshold())));
        words.addAll(List.of("--select", now.rule().word()));
        words.addAll(List.of("--variant", now.variant().word()));
        return List.copyOf(words);
    }

    /** Whether every head has the threshold of its own coverage profile. */
    public BooleanProperty perHeadProperty() {
        return perHead;
    }

    /** Takes up or stops following what is shown. */
    void setActive(boolean now) {
        active = now;
        refresh();
        if (heads.isEmpty()) {
            surveyAgain();
        }
    }

    /** The block sizes that the head on show can be cut into. */
    public List<Integer> blockChoices() {
        int least = head().map(BlockMass::cellFor).orElse(16);
        List<Integer> sizes = new ArrayList<>();
        for (int size = least; size <= Math.max(512, least); size *= 2) {
            sizes.add(size);
        }
        return sizes;
    }

    /** The strides that divide the block. */
    public List<Integer> strideChoices() {
        List<Integer> strides = new ArrayList<>();
        for (int stride = 1; stride <= 64; stride *= 2) {
            if (options.get().block() % stride == 0) {
                strides.add(stride);
            }
        }
        return strides;
    }

    /** Changes the parameters and redraws. A stride that no longer divides the block follows it. */
    public void change(UnaryOperator<XAttentionOptions> change) {
        XAttentionOptions old = options.get();
        XAttentionOptions now = change.apply(old);
        if (now.equals(old)) {
            return;
        }
        boolean other = now.scoresDiffer(old);
        if (other) {
            scored.clear();
        }
        options.set(now);
        refresh();
        if (other) {
            surveyAgain();
        } else {
            chooseAgain();
        }
    }

    /** Sets the block; the stride is made to fit. */
    public void setBlock(int block) {
        change(now -> {
            int stride = now.stride();
            while (block % stride != 0) {
                stride /= 2;
            }
            return now.withStride(1).withBlock(block).withStride(Math.max(1, stride));
        });
    }

    private Optional<HeadAttention> head() {
        HeadRef ref = explore.shownHeadProperty().get();
        return explore.site()
                .filter(site -> ref.head() < site.heads().size())
                .map(site -> site.heads().get(ref.head()));
    }

    private void restart() {
        scored.clear();
        masses.clear();
        heads.clear();
        sweeping = null;
        surveying = null;
        refresh();
        Capture capture = explore.captureProperty().get();
        if (active && capture != null && cells(capture) <= QUICK_SURVEY) {
            surveyAll();
        }
    }

    private static long cells(Capture capture) {
        return capture.sites().stream()
                .flatMap(site -> site.heads().stream())
                .mapToLong(head -> (long) head.rows() * head.cols())
                .sum();
    }

    /** Brings the blocks up to date with the head and the parameters. */
    private void refresh() {
        if (!active) {
            return;
        }
        long start = System.nanoTime();
        Capture capture = explore.captureProperty().get();
        Optional<SiteCapture> site = explore.site();
        Optional<HeadAttention> found = head();
        if (capture == null || site.isEmpty() || found.isEmpty()) {
            nothing(EMPTY);
            return;
        }
        HeadAttention head = found.get();
        if (head instanceof ProbabilityHead) {
            nothing(PROBABILITIES);
            return;
        }
        int least = BlockMass.cellFor(head);
        if (options.get().block() % least != 0) {
            setBlock(least);
            return;
        }
        HeadRef ref = explore.shownHeadProperty().get();
        BlockTable known = scored.get(ref);
        BlockMass mass = masses.get(ref);
        XAttentionOptions wanted = options.get();
        boolean painted = paintScores.get();
        boolean own = perHead.get();
        BlockWork.Wanted drawing =
                new BlockWork.Wanted(site.get(), ref.head(), wanted, own, painted);
        HeadBlocks before = shown.get().blocks();
        if (before == null || !explore.headName().equals(before.name())) {
            explore.dress().overlayProperty().set(null);
        }
        tasks.submit(
                TaskRequest.of(
                                LANES.getFirst(),
                                "",
                                progress -> work.draw(drawing, known, mass, progress))
                        .onDone(drawn -> {
                            if (current(capture, ref, wanted)) {
                                scored.put(ref, drawn.scores());
                                show(drawn);
                                milliseconds.set((System.nanoTime() - start) / 1e6);
                                if (mass == null) {
                                    sweep(capture, ref, drawing);
                                }
                            }
                        })
                        .onFailed(this::failed));
    }

    private void nothing(String sentence) {
        LANES.forEach(tasks::cancel);
        explore.dress().overlayProperty().set(null);
        shown.set(ShownBlocks.NOTHING);
        heads.clear();
        state.empty(sentence);
    }

    private boolean current(Capture capture, HeadRef ref, XAttentionOptions wanted) {
        return active
                && capture.equals(explore.captureProperty().get())
                && ref.equals(explore.shownHeadProperty().get())
                && wanted.equals(options.get());
    }

    private void show(BlockWork.Drawn drawn) {
        explore.dress().overlayProperty().set(drawn.overlay());
        shown.set(new ShownBlocks(drawn.blocks(), drawn.density(), drawn.curve()));
        state.ready();
    }

    private void failed(Failure failure) {
        if (failure.kind() != Failure.Kind.CANCELLED) {
            state.problem(failure.sentence());
        }
    }

    /** Sweeps the head for what is true, once, then draws again with it. */
    private void sweep(Capture capture, HeadRef ref, BlockWork.Wanted drawing) {
        if (ref.equals(sweeping)) {
            return;
        }
        sweeping = ref;
        HeadAttention head = drawing.head();
        boolean slow = (long) head.rows() * head.cols() > SLOW_CELLS;
        TaskRequest<BlockMass> request =
                TaskRequest.of(
                                LANES.get(1),
                                slow ? "True mass of " + drawing.name() : "",
                                progress -> work.mass(head, progress))
                        .onDone(mass -> {
                            swept(ref);
                            if (capture.equals(explore.captureProperty().get())) {
                                keep(ref, mass);
                                refresh();
                            }
                        })
                        .onFailed(failure -> {
                            swept(ref);
                            failed(failure);
                        });
        if (slow) {
            state.run(tasks, request);
        } else {
            tasks.submit(request);
        }
    }

    private void swept(HeadRef ref) {
        if (ref.equals(sweeping)) {
            sweeping = null;
        }
    }

    private void keep(HeadRef ref, BlockMass mass) {
        long each = mass.numbers();
        if ((masses.size() + 1) * each > KEPT_NUMBERS) {
            masses.clear();
        }
        masses.put(ref, mass);
    }

    /** Measures every head of the capture. */
    public void surveyAll() {
        Capture capture = explore.captureProperty().get();
        if (capture == null || head().isEmpty() || head().get() instanceof ProbabilityHead) {
            return;
        }
        XAttentionOptions wanted = options.get();
        boolean own = perHead.get();
        Map<HeadRef, BlockMass> known = Map.copyOf(masses);
        boolean quick = cells(capture) <= QUICK_SURVEY || known.size() >= headCount(capture);
        TaskRequest<BlockWork.Surveyed> request =
                TaskRequest.of(
                                LANES.get(2),
                                quick ? "" : "Blocks of every head",
                                progress -> work.survey(capture, wanted, own, known, progress))
                        .onDone(surveyed -> {
                            surveying = null;
                            if (capture.equals(explore.captureProperty().get())) {
                                masses.putAll(surveyed.masses());
                                heads.setAll(surveyed.heads());
                                catchUp(wanted, own);
                            }
                        })
                        .onFailed(failure -> {
                            if (wanted.equals(surveying)) {
                                surveying = null;
                            }
                            failed(failure);
                        });
        surveying = wanted;
        if (quick) {
            tasks.submit(request);
        } else {
            state.run(tasks, request);
        }
    }

    /** What was changed while heads were measured. */
    private void catchUp(XAttentionOptions measured, boolean own) {
        XAttentionOptions now = options.get();
        if (now.scoresDiffer(measured)) {
            surveyAgain();
        } else if (!now.equals(measured) || own != perHead.get()) {
            chooseAgain();
        }
    }

    private static int headCount(Capture capture) {
        return capture.sites().stream().mapToInt(site -> site.heads().size()).sum();
    }

    /** Chooses for all heads again: their scores stay. */
    private void chooseAgain() {
        Capture capture = explore.captureProperty().get();
        XAttentionOptions wanted = options.get();
        boolean own = perHead.get();
        List<HeadBlocks> known = List.copyOf(heads);
        if (!active || capture == null || known.isEmpty() || surveying != null) {
            return;
        }
        tasks.submit(
                TaskRequest.of(
                                LANES.get(2),
                                "",
                                progress -> BlockWork.chooseAgain(known, wanted, own, progress))
                        .onDone(chosen -> {
                            if (capture.equals(explore.captureProperty().get())) {
                                heads.setAll(chosen);
                            }
                        })
                        .onFailed(this::failed));
    }

    /** Brings the numbers of all heads up to date, where that is quick. */
    private void surveyAgain() {
        Capture capture = explore.captureProperty().get();
        if (!active || capture == null) {
            return;
        }
        if (masses.size() >= headCount(capture) || cells(capture) <= QUICK_SURVEY) {
            surveyAll();
        } else {
            heads.clear();
        }
    }
}
