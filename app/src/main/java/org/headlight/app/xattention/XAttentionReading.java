package org.headlight.app.xattention;

import javafx.scene.Node;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.reading.Reading;
import org.headlight.app.reading.ReadingContext;
import org.headlight.engine.sweep.SweepOptions;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;
import java.util.Optional;

/** Antidiagonal block scores: which blocks of a head XAttention would keep, and what they hold. */
public final class XAttentionReading implements Reading {
    private final ReadingContext context;
    private final XAttentionViewModel model;

    public XAttentionReading(ReadingContext context) {
        this.context = context;
        this.model =
                new XAttentionViewModel(
                        context.tasks(), context.explore(), SweepOptions.standard());
    }

    @Override
    public String name() {
        return "XAttn";
    }

    @Override
    public String tip() {
        return "Which blocks antidiagonal scores would keep, and what they hold (XAttention, Xu et"
                + " al. 2025).";
    }

    @Override
    public Ikon icon() {
        return Feather.HASH;
    }

    @Override
    public KeyBinding key() {
        return KeyBinding.XATTENTION;
    }

    @Override
    public Optional<Node> lower() {
        return Optional.of(new XAttentionPane(model, context).node());
    }

    @Override
    public Optional<Node> side() {
        return Optional.of(new XAttentionSide(model));
    }

    @Override
    public List<String> lanes() {
        return XAttentionViewModel.LANES;
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
