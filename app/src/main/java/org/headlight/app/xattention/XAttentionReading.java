package org.headlight.app.xattention;

import javafx.scene.Node;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.PaneReading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.engine.sweep.SweepOptions;
import org.kordamp.ikonli.feather.Feather;

/** Antidiagonal block scores: which blocks of a head XAttention would keep, and what they hold. */
public final class XAttentionReading extends PaneReading<XAttentionSide> {
    private final ReadingContext context;
    private final XAttentionViewModel model;

    public XAttentionReading(ReadingContext context) {
        super(
                new Face(
                        "XAttn",
                        "Which blocks antidiagonal scores would keep, and what they hold"
                                + " (XAttention, Xu et al. 2025).",
                        Feather.HASH,
                        KeyBinding.XATTENTION),
                XAttentionViewModel.LANES);
        this.context = context;
        this.model =
                new XAttentionViewModel(
                        context.tasks(), context.explore(), SweepOptions.standard());
    }

    @Override
    protected Node makeLower() {
        return new XAttentionPane(model, context).node();
    }

    @Override
    protected XAttentionSide makeSide() {
        return new XAttentionSide(model);
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
