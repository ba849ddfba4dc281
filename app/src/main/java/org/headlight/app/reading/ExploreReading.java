package org.headlight.app.reading;

import javafx.scene.Node;

import org.headlight.app.command.KeyBinding;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

import java.util.List;
import java.util.Optional;

/** The map alone, with the inspector. */
public final class ExploreReading implements Reading {
    @Override
    public String name() {
        return "Explore";
    }

    @Override
    public String tip() {
        return "The map and everything about a cell.";
    }

    @Override
    public Ikon icon() {
        return Feather.COMPASS;
    }

    @Override
    public KeyBinding key() {
        return KeyBinding.EXPLORE;
    }

    @Override
    public Optional<Node> lower() {
        return Optional.empty();
    }

    @Override
    public Optional<Node> side() {
        return Optional.empty();
    }

    @Override
    public List<String> lanes() {
        return List.of();
    }
}
