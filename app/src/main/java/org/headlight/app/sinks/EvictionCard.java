package org.headlight.app.sinks;

import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.VBox;

import org.headlight.analysis.sinks.EvictionCase;
import org.headlight.analysis.sinks.EvictionResult;
import org.headlight.app.reading.FactGrid;
import org.headlight.app.reading.NumberSpinner;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

import java.util.Locale;

/** Choose a cache, run, and compare what it costs to lose the first keys. */
final class EvictionCard extends VBox {
    private static final int LARGEST = 1_000_000;

    private final FactGrid outcome = new FactGrid(2);
    private final Label note = new Label();

    EvictionCard(EvictionViewModel eviction) {
        super(8);
        getStyleClass().add("sinks-card");
        Label title = new Label("Evict the sink");
        title.getStyleClass().add("pane-title");
        Label sentence =
                new Label(
                        "StreamingLLM (Xiao et al. 2023): a cache of recent keys fails when the"
                                + " first keys leave it, and works when they are kept.");
        sentence.getStyleClass().add("caption");
        sentence.setWrapText(true);
        FactGrid numbers = new FactGrid(1);
        numbers.control(
                "Keys in the cache",
                NumberSpinner.whole(
                        eviction.windowProperty(),
                        2,
                        LARGEST,
                        16,
                        "Keys in the cache",
                        "All keys that a query sees, the first ones included; 512 in the published"
                                + " code, half of a text that is shorter."));
        numbers.control(
                "First keys kept",
                NumberSpinner.whole(
                        eviction.firstProperty(),
                        1,
                        LARGEST,
                        1,
                        "First keys kept",
                        "How many of them are the first keys of the text; 4 in the paper."));
        Button run = new Button("Run with these caches", new FontIcon(Feather.PLAY));
        run.getStyleClass().add("accent");
        run.disableProperty().bind(eviction.state().workProperty().isNotNull());
        run.setTooltip(
                new Tooltip(
                        "Runs the text with all keys, and with caches of this size, in every"
                                + " head."));
        run.setOnAction(event -> eviction.run());
        run.setMaxWidth(Double.MAX_VALUE);
        run.setAlignment(Pos.CENTER);
        note.getStyleClass().add("caption");
        note.setWrapText(true);
        VBox results = new VBox(6, outcome, note);
        results.visibleProperty().bind(eviction.resultProperty().isNotNull());
        results.managedProperty().bind(results.visibleProperty());
        getChildren()
                .addAll(title, sentence, numbers, run, new WorkLine(eviction.state()), results);
        eviction.resultProperty().subscribe(this::show);
    }

    private void show(@Nullable EvictionResult result) {
        outcome.clear();
        if (result == null) {
            return;
        }
        outcome.heading("loss", "perplexity");
        for (EvictionCase one : result.cases()) {
            outcome.line(
                    one.name(),
                    "Mean cross-entropy of the next token, in nats, after the first eviction.",
                    String.format(Locale.ROOT, "%.4f", one.loss()),
                    NumberText.plain(one.perplexity()));
        }
        note.setText(
                "Over the "
                        + NumberText.count(result.foretold())
                        + " tokens after the first eviction. Keys keep the positions that they have"
                        + " in the text; the published code numbers them within the cache.");
    }
}
