package org.headlight.engine.model;

import ai.onnxruntime.OrtSession;

import org.headlight.engine.attention.AttentionFinder;
import org.headlight.engine.attention.AttentionFindings;
import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.BesideOperators;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.engine.cut.CutGraph;
import org.headlight.engine.cut.Cutter;
import org.headlight.engine.cut.UncuttableException;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.task.Progress;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A model beside itself in pieces, cut wherever a test wants. */
final class Pieces implements AutoCloseable {
    private final ModelSkeleton graph;
    private final BesideOperators beside;
    private final RuntimeSession session;
    private final Probe probe;
    private final Probe.Findings findings;

    private Pieces(
            ModelSkeleton graph, BesideOperators beside, RuntimeSession session, Probe probe) {
        this.graph = graph;
        this.beside = beside;
        this.session = session;
        this.probe = probe;
        this.findings = probe.run(Progress.NONE);
    }

    static Pieces open(Path file) {
        ModelSkeleton read = ModelSkeleton.open(file);
        ModelSkeleton one = read.merged() ? read.inlined(false) : read;
        AttentionFindings found = AttentionFinder.find(one);
        ModelSkeleton graph = one.with(found.addition());
        Set<String> outputs = new LinkedHashSet<>(RunRecorder.everyChunk(found.sites()));
        outputs.addAll(RunRecorder.keysAndValues(found.sites()));
        RuntimeSession session =
                RuntimeSession.open(graph.withOutputs(outputs), RunPlace.cpu(2), file.toString());
        return new Pieces(
                graph,
                found.beside(),
                session,
                new Probe(session, found.sites(), graph.vocabulary()));
    }

    ModelSkeleton graph() {
        return graph;
    }

    List<AttentionSite> sites() {
        return findings.attention();
    }

    int[] ids(int count) {
        return probe.ids(count);
    }

    CutGraph cutGraph(List<AttentionSite> at) throws UncuttableException {
        return Cutter.cut(
                graph.with(beside.addition()), beside.in(at), Set.of(MainOutput.of(graph)));
    }

    CutModel cut(List<AttentionSite> sites) throws UncuttableException {
        CutModel.Source source =
                new CutModel.Source(
                        graph,
                        beside,
                        session,
                        probe,
                        0,
                        LoneQuery.of(findings),
                        ModelOptions.defaults(),
                        new SeamRunner(ModelOptions.defaults()),
                        seconds -> new CaptureInfo("", "", "", "", seconds));
        return CutModel.open(source, sites, findings.length(), findings.sites().getFirst().sizes());
    }

    /** The first output of the whole graph. */
    float[] whole(int[] ids) {
        String first = graph.graphOutputs().getFirst().name();
        try (Feeds feeds = WholeFeeds.of(session, Map.of(), ids);
                OrtSession.Result result = session.run(feeds, Set.of(first), Progress.NONE)) {
            return TensorValues.floats(first, RunRecorder.tensor(result, first));
        }
    }

    static float[] cells(Matrix matrix) {
        float[] cells = new float[matrix.rows() * matrix.cols()];
        matrix.copyRows(0, matrix.rows(), cells, 0);
        return cells;
    }

    /** Largest difference; infinite when the sizes differ. */
    static double difference(float[] a, float[] b) {
        double largest = a.length == b.length ? 0 : Double.POSITIVE_INFINITY;
        for (int i = 0; i < Math.min(a.length, b.length); i++) {
            largest = Math.max(largest, Math.abs((double) a[i] - b[i]));
        }
        return largest;
    }

    @Override
    public void close() {
        session.close();
    }
}
