package org.headlight.app.open;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.headlight.app.task.Failure;
import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.attention.UnsupportedSite;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelCheck;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.source.Source;
import org.headlight.viz.raster.NumberText;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What was found in the open model, capture or dump, and whether it is what the model does. */
public final class SourceSheetViewModel {
    /** The lane in which a model is checked. */
    public static final String LANE = "check";

    private static final int PROBE = 16;

    /**
     * A line about the whole source.
     *
     * @param name such as "file"
     */
    public record Fact(String name, String value) {}

    /** A line of the table of attention sites. */
    public record SiteLine(
            int layer,
            String kind,
            String form,
            int heads,
            int kvHeads,
            int headDim,
            boolean causal,
            String node) {}

    private final TaskRunner tasks;
    private final Source source;
    private final ReadOnlyStringWrapper check = new ReadOnlyStringWrapper("");

    public SourceSheetViewModel(TaskRunner tasks, Opened opened) {
        this.tasks = tasks;
        this.source = opened.source();
    }

    /** Its name. */
    public String title() {
        return source.name();
    }

    /** What there is to say about the whole of it. */
    public List<Fact> facts() {
        return switch (source) {
            case Source.ModelSource(Model model) -> model(model);
            case Source.CaptureSource(Capture capture) -> capture(capture);
        };
    }

    /** The attention that can be shown, by layer. */
    public List<SiteLine> sites() {
        return switch (source) {
            case Source.ModelSource(Model model) ->
                    model.info().sites().stream().map(SourceSheetViewModel::line).toList();
            case Source.CaptureSource(Capture capture) ->
                    capture.sites().stream().map(site -> line(capture, site)).toList();
        };
    }

    /** The attention that cannot, each with its node and the reason. */
    public List<UnsupportedSite> unsupported() {
        return source instanceof Source.ModelSource(Model model)
                ? model.info().unsupported()
                : List.of();
    }

    /** How the capture compares with the model itself; empty for what is no model. */
    public ReadOnlyStringProperty checkProperty() {
        return check.getReadOnlyProperty();
    }

    /** Compares, in the background. */
    public void startCheck() {
        if (source instanceof Source.ModelSource(Model model)) {
            check.set("Comparing with the model itself \u2026");
            tasks.submit(
                    TaskRequest.of(LANE, "", progress -> model.check(PROBE))
                            .onDone(result -> check.set(words(result)))
                            .onFailed(this::failed));
        }
    }

    /** Nobody looks any more. */
    public void stop() {
        tasks.cancel(LANE);
    }

    private void failed(Failure failure) {
        if (failure.kind() != Failure.Kind.CANCELLED) {
            check.set("Not checked: " + failure.sentence());
        }
    }

    private static String words(ModelCheck check) {
        return String.format(
                Locale.ROOT,
                "Checked on %d tokens, %s: outputs differ from the file's own by %s, attention"
                        + " weights by %s at most.",
                check.tokens(),
                check.path().equals("whole") ? "run in one piece" : "cut at attention",
                difference(check.maxAbsLogitDiff()),
                difference(check.maxAbsProbabilityDiff()));
    }

    private static String difference(double value) {
        return value == 0 ? "0" : String.format(Locale.ROOT, "%.2g", value);
    }

    private static List<Fact> model(Model model) {
        ModelInfo info = model.info();
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("file", info.file().toString()));
        facts.add(new Fact("hash", info.hash()));
        facts.add(new Fact("runs on", info.provider()));
        facts.add(
                new Fact(
                        "tokens",
                        model.tokenizer()
                                .map(tokenizer -> tokenizer.description())
                                .orElse("no tokenizer; ids are the input")));
        if (info.vocabulary() > 0) {
            facts.add(new Fact("vocabulary", count(info.vocabulary())));
        }
        if (info.maxPositions() > 0) {
            facts.add(new Fact("made for", count(info.maxPositions()) + " positions"));
        }
        facts.add(new Fact("KV cache", info.cached() ? "yes" : "no"));
        if (!model.needs().isEmpty()) {
            facts.add(new Fact("needs", String.join(", ", model.needs())));
        }
        return facts;
    }

    private static List<Fact> capture(Capture capture) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("source", capture.info().source()));
        if (!capture.info().modelHash().isEmpty()) {
            facts.add(new Fact("model hash", capture.info().modelHash()));
        }
        facts.add(new Fact("tokens", count(capture.tokens().size())));
        return facts;
    }

    private static SiteLine line(ModelInfo.Site site) {
        return new SiteLine(
                site.layer(),
                kind(site.kind()),
                site.form(),
                site.heads(),
                site.kvHeads(),
                site.headDim(),
                site.causal(),
                site.node());
    }

    private static SiteLine line(Capture capture, SiteCapture site) {
        return new SiteLine(
                site.layer(),
                kind(site.kind()),
                capture.info().form(),
                site.heads().size(),
                site.kvHeads(),
                site.headDim(),
                site.heads().getFirst().mask().causal(),
                site.node());
    }

    private static String kind(SiteKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static String count(long number) {
        return NumberText.count(number);
    }
}
