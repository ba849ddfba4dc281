package org.headlight.app.atlas;

import javafx.scene.Node;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.Reading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.engine.sweep.SweepOptions;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;
import java.util.Optional;

/** The atlas: what each head is, and which are alike. */
public final class AtlasReading implements Reading {
    private final ReadingContext context;
    private final AtlasViewModel model;

    public AtlasReading(ReadingContext context) {
        this.context = context;
        this.model =
                new AtlasViewModel(
                        context.tasks(),
                        context.explore(),
                        context::model,
                        SweepOptions.standard());
    }

    @Override
    public String name() {
        return "Atlas";
    }

    @Override
    public String tip() {
        return AtlasPane.SENTENCE;
    }

    @Override
    public Ikon icon() {
        return Feather.GRID;
    }

    @Override
    public KeyBinding key() {
        return KeyBinding.ATLAS;
    }

    @Override
    public Optional<Node> lower() {
        return Optional.of(new AtlasPane(model, context).node());
    }

    @Override
    public Optional<Node> side() {
        return Optional.of(new AtlasSide(model));
    }

    @Override
    public List<String> lanes() {
        return AtlasViewModel.LANES;
    }

    @Override
    public void shown() {
        model.setActive(true);
    }

    @Override
    public void hidden() {
        model.setActive(false);
    }
}
