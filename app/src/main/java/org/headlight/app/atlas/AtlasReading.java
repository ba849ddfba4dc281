package org.headlight.app.atlas;

import javafx.scene.Node;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.PaneReading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.engine.sweep.SweepOptions;
import org.kordamp.ikonli.feather.Feather;

/** The atlas: what each head is, and which are alike. */
public final class AtlasReading extends PaneReading<AtlasSide> {
    private final ReadingContext context;
    private final AtlasViewModel model;
    private final RolloutViewModel rollout;

    public AtlasReading(ReadingContext context) {
        super(
                new Face("Atlas", AtlasPane.SENTENCE, Feather.GRID, KeyBinding.ATLAS),
                AtlasViewModel.LANES);
        this.context = context;
        this.model =
                new AtlasViewModel(
                        context.tasks(),
                        context.explore(),
                        context::model,
                        SweepOptions.standard());
        this.rollout =
                new RolloutViewModel(context.tasks(), context.explore(), SweepOptions.standard());
    }

    @Override
    protected Node makeLower() {
        return new AtlasTabs(model, rollout, context);
    }

    @Override
    protected AtlasSide makeSide() {
        return new AtlasSide(model);
    }

    @Override
    public void shown() {
        model.setActive(true);
        rollout.setActive(model.followingProperty().get());
    }

    @Override
    public void hidden() {
        rollout.setActive(false);
        model.setActive(false);
    }
}
