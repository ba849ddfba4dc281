package org.headlight.app.influence;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.ObservableSet;

import org.headlight.analysis.influence.AttentionInfluence;
import org.headlight.analysis.influence.Corpus;
import org.headlight.analysis.influence.Document;
import org.headlight.analysis.influence.DocumentScore;
import org.headlight.analysis.influence.HeadFinder;
import org.headlight.analysis.influence.HeadImportance;
import org.headlight.analysis.influence.ImportantHeads;
import org.headlight.analysis.influence.InfluenceRanking;
import org.headlight.analysis.influence.KeyValueTask;
import org.headlight.app.reading.ReadingState;
import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What documents lose without the heads that retrieve; what is cancelled keeps what is done. */
public final class InfluenceViewModel {
    /** The lane in which the model is run. */
    public static final String LANE = "influence";

    private static final String NOTHING =
            "Press Run: the heads that copy answers are found, and each document of the corpus is"
                    + " read with and without them.";
    private static final String NO_MODEL =
            "Open a decoder as a model: documents are read by the model itself, so a capture or a"
                    + " dump is not enough.";

    private final TaskRunner tasks;
    private final Assets assets;
    private final ReadingState state = new ReadingState(NOTHING);
    private final IntegerProperty samples =
            new SimpleIntegerProperty(KeyValueTask.defaults().samples());
    private final IntegerProperty settle =
            new SimpleIntegerProperty(KeyValueTask.defaults().settle());
    private final IntegerProperty keyLength =
            new SimpleIntegerProperty(KeyValueTask.defaults().keyLength());
    private final IntegerProperty taskContext =
            new SimpleIntegerProperty(KeyValueTask.defaults().context());
    private final DoubleProperty headShare =
            new SimpleDoubleProperty(AttentionInfluence.HEAD_SHARE);
    private final IntegerProperty context = new SimpleIntegerProperty(AttentionInfluence.CONTEXT);
    private final DoubleProperty select =
            new SimpleDoubleProperty(AttentionInfluence.SELECTED_SHARE);
    private final BooleanProperty byHand = new SimpleBooleanProperty();
    private final ObjectProperty<Optional<Path>> corpus =
            new SimpleObjectProperty<>(Optional.empty());
    private final ReadOnlyObjectWrapper<@Nullable Model> model = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyBooleanWrapper readable = new ReadOnlyBooleanWrapper();
    private final ReadOnlyObjectWrapper<@Nullable ImportantHeads> found =
            new ReadOnlyObjectWrapper<>();
    private final ObservableSet<HeadAddress> masked = FXCollections.observableSet();
    private final ObservableList<DocumentScore> documents = FXCollections.observableArrayList();
    private final ReadOnlyObjectWrapper<Set<DocumentScore>> selected =
            new ReadOnlyObjectWrapper<>(Set.of());
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper("");
    private @Nullable KeyValueTask foundBy;
    private double foundShare;
    private List<HeadAddress> used = List.of();
    private boolean complete;
    private int runs;

    /** Nothing yet. */
    public InfluenceViewModel(TaskRunner tasks, Assets assets) {
        this.tasks = tasks;
        this.assets = assets;
        select.addListener((property, old, now) -> rank());
    }

    /** What the pane has to say. */
    public ReadingState state() {
        return state;
    }

    /** Samples of the key-value task, at most. */
    public IntegerProperty samplesProperty() {
        return samples;
    }

    /** Samples without a change after which the search ends; 0 for never. */
    public IntegerProperty settleProperty() {
        return settle;
    }

    /** Letters and digits of a key. */
    public IntegerProperty keyLengthProperty() {
        return keyLength;
    }

    /** The most tokens of a sample. */
    public IntegerProperty taskContextProperty() {
        return taskContext;
    }

    /** Share of all heads that are important. */
    public DoubleProperty headShareProperty() {
        return headShare;
    }

    /** Tokens of a document that are read. */
    public IntegerProperty contextProperty() {
        return context;
    }

    /** Share of each domain's documents that are selected. */
    public DoubleProperty selectProperty() {
        return select;
    }

    /** Whether the heads to mask are marked by hand instead of looked for. */
    public BooleanProperty byHandProperty() {
        return byHand;
    }

    /** The file with the documents; empty for the example. */
    public ObjectProperty<Optional<Path>> corpusProperty() {
        return corpus;
    }

    /** The model that reads; null without one. */
    public ReadOnlyObjectProperty<@Nullable Model> modelProperty() {
        return model.getReadOnlyProperty();
    }

    /** Whether the model reads documents as a decoder does; the state says why not. */
    public ReadOnlyBooleanProperty readableProperty() {
        return readable.getReadOnlyProperty();
    }

    /** How the heads were found; null before. */
    public ReadOnlyObjectProperty<@Nullable ImportantHeads> foundProperty() {
        return found.getReadOnlyProperty();
    }

    /** The heads to mask: those that were found, or were marked by hand. */
    public ObservableSet<HeadAddress> masked() {
        return masked;
    }

    /** The documents that have been read, in the order of the corpus. */
    public ObservableList<DocumentScore> documents() {
        return documents;
    }

    /** Those of them that are selected. */
    public ReadOnlyObjectProperty<Set<DocumentScore>> selectedProperty() {
        return selected.getReadOnlyProperty();
    }

    /** What was done, in words. */
    public ReadOnlyStringProperty summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    /** The heads that were masked for the documents on show. */
    public List<HeadAddress> used() {
        return used;
    }

    /** Whether the whole corpus was read. */
    public boolean complete() {
        return complete;
    }

    /** Another model is open, or none. */
    void open(@Nullable Model now) {
        if (Objects.equals(now, model.get())) {
            return;
        }
        runs++;
        tasks.cancel(LANE);
        model.set(now);
        found.set(null);
        masked.clear();
        documents.clear();
        selected.set(Set.of());
        summary.set("");
        complete = false;
        String sentence = now == null ? NO_MODEL : refusal(now);
        readable.set(sentence.isEmpty());
        state.empty(sentence.isEmpty() ? NOTHING : sentence);
    }

    private static String refusal(Model now) {
        try {
            AttentionInfluence.checkDecoder(now);
            return "";
        } catch (BadInputException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Finds the heads where they are not known yet, and reads the corpus. */
    void run() {
        Model now = model.get();
        if (now == null || !readable.get()) {
            return;
        }
        int run = ++runs;
        documents.clear();
        selected.set(Set.of());
        summary.set("");
        complete = false;
        Job job;
        try {
            job = job(now);
        } catch (BadInputException e) {
            state.problem(String.valueOf(e.getMessage()));
            return;
        }
        state.working(
                tasks.submit(
                        TaskRequest.of(
                                        LANE,
                                        "Influence of heads on documents",
                                        progress -> work(run, job, progress))
                                .onDone(heads -> ended(run, true))
                                .onFailed(failure -> failed(run, failure))));
    }

    private Job job(Model now) {
        KeyValueTask task =
                new KeyValueTask(
                        samples.get(),
                        keyLength.get(),
                        KeyValueTask.defaults().valueTokens(),
                        KeyValueTask.defaults().examples(),
                        taskContext.get(),
                        settle.get(),
                        0);
        boolean known =
                found.get() != null && task.equals(foundBy) && foundShare == headShare.get();
        if (byHand.get() && masked.isEmpty()) {
            throw new BadInputException(
                    "No head is marked; Ctrl-click heads in the matrix, or let them be found.");
        }
        Optional<List<HeadAddress>> heads =
                byHand.get() || known ? Optional.of(sorted()) : Optional.empty();
        return new Job(now, task, headShare.get(), heads, corpus.get(), context.get());
    }

    private List<HeadAddress> sorted() {
        return masked.stream()
                .sorted(
                        Comparator.comparingInt(HeadAddress::layer)
                                .thenComparingInt(HeadAddress::head))
                .toList();
    }

    /** On a background thread; what comes of it is told as it comes. */
    private Boolean work(int run, Job job, Progress progress) {
        List<HeadAddress> heads;
        Progress rest = progress;
        if (job.heads.isPresent()) {
            heads = job.heads.get();
        } else {
            ImportantHeads search =
                    new HeadFinder(job.model, job.task, job.share)
                            .find(assets.sentences(), progress.part(0, 0.5));
            heads = search.chosen();
            rest = progress.part(0.5, 1);
            tasks.later(() -> heads(run, job, search));
        }
        AttentionInfluence influence = new AttentionInfluence(job.model, heads, job.context);
        tasks.later(() -> using(run, heads));
        try (Corpus from = job.open(assets)) {
            int done = 0;
            for (Optional<Document> next = from.next(); next.isPresent(); next = from.next()) {
                progress.check();
                rest.at(
                        from.fraction(),
                        String.format(Locale.ROOT, "Reading document %,d", ++done));
                DocumentScore score = influence.score(next.get(), silent(progress));
                tasks.later(() -> add(run, score));
            }
            if (done == 0) {
                throw new BadInputException(
                        job.corpus.map(Path::toString).orElse("The example corpus")
                                + " has no documents; choose a text or a JSONL file with some.");
            }
        }
        return true;
    }

    private static Progress silent(Progress progress) {
        return new Progress() {
            @Override
            public void at(double fraction, String stage) {
                // Documents are what is counted.
            }

            @Override
            public boolean cancelled() {
                return progress.cancelled();
            }
        };
    }

    private void heads(int run, Job job, ImportantHeads search) {
        if (run == runs) {
            foundBy = job.task;
            foundShare = job.share;
            found.set(search);
            masked.clear();
            masked.addAll(search.chosen());
        }
    }

    private void using(int run, List<HeadAddress> heads) {
        if (run == runs) {
            used = heads;
            state.ready();
        }
    }

    private void add(int run, DocumentScore score) {
        if (run == runs) {
            documents.add(score);
            // Ranking anew each time would grow with the square of the corpus.
            if (Integer.bitCount(documents.size()) == 1 || documents.size() % 256 == 0) {
                rank();
            }
        }
    }

    private void rank() {
        List<DocumentScore> all = new ArrayList<>(documents);
        selected.set(
                InfluenceRanking.selected(all, select.get()).stream()
                        .map(all::get)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    private void ended(int run, boolean whole) {
        if (run != runs) {
            return;
        }
        complete = whole;
        state.done();
        rank();
        ImportantHeads search = found.get();
        String how =
                search == null || byHand.get()
                        ? ""
                        : String.format(
                                Locale.ROOT,
                                ", found by %,d samples of %.0f keys (the model answers %.0f %% of"
                                        + " their tokens)",
                                search.samples(),
                                search.pairs(),
                                100 * search.accuracy());
        summary.set(
                String.format(
                        Locale.ROOT,
                        "%,d %s%s; masked: %s%s",
                        documents.size(),
                        documents.size() == 1 ? "document" : "documents",
                        whole ? "" : " before it was stopped",
                        used.stream()
                                .map(head -> "L" + head.layer() + "H" + head.head())
                                .collect(Collectors.joining(" ")),
                        how));
    }

    private void failed(int run, Failure failure) {
        if (run != runs) {
            return;
        }
        state.failed(failure);
        if (!documents.isEmpty()) {
            ended(run, false);
            if (failure.kind() != Failure.Kind.CANCELLED) {
                state.problem(failure.sentence());
            }
        }
    }

    /** What is needed of a head for the matrix; NaN where it is not known. */
    double importance(HeadAddress head) {
        ImportantHeads search = found.get();
        return search == null
                ? Double.NaN
                : search.heads().stream()
                        .filter(h -> h.at().equals(head))
                        .mapToDouble(HeadImportance::score)
                        .findFirst()
                        .orElse(Double.NaN);
    }

    /** One run, as it was asked for. */
    private record Job(
            Model model,
            KeyValueTask task,
            double share,
            Optional<List<HeadAddress>> heads,
            Optional<Path> corpus,
            int context) {
        Corpus open(Assets assets) {
            return corpus.isPresent()
                    ? Corpus.open(corpus.get())
                    : Corpus.ofJsonLines("the example corpus", assets.exampleCorpus());
        }
    }
}
