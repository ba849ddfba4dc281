package org.headlight.app.reading;

import javafx.scene.Node;

import org.headlight.app.command.KeyBinding;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;

import java.util.List;
import java.util.Optional;

/**
 * A reading with a pane under the map and one beside it, each made when it is first asked for.
 *
 * @param <S> the pane beside the map
 */
public abstract class PaneReading<S extends Node> implements Reading {
    private final Face face;
    private final List<String> lanes;
    private @Nullable Node lower;
    private @Nullable S side;

    /**
     * How a reading looks on the rail.
     *
     * @param name the word under the icon
     * @param tip what it shows, one sentence with the paper named
     * @param icon of the Feather pack
     * @param key the key that chooses it
     */
    public record Face(String name, String tip, Ikon icon, KeyBinding key) {}

    /**
     * A reading without panes yet.
     *
     * @param lanes in which its work reads captures or runs the model
     */
    protected PaneReading(Face face, List<String> lanes) {
        this.face = face;
        this.lanes = List.copyOf(lanes);
    }

    /** Makes the pane under the map; called once. */
    protected abstract Node makeLower();

    /** Makes the pane beside the map; called once. */
    protected abstract S makeSide();

    /** The pane beside the map. */
    protected final S sidePane() {
        S now = side;
        if (now == null) {
            now = makeSide();
            side = now;
        }
        return now;
    }

    @Override
    public final String name() {
        return face.name();
    }

    @Override
    public final String tip() {
        return face.tip();
    }

    @Override
    public final Ikon icon() {
        return face.icon();
    }

    @Override
    public final KeyBinding key() {
        return face.key();
    }

    @Override
    public final Optional<Node> lower() {
        Node now = lower;
        if (now == null) {
            now = makeLower();
            lower = now;
        }
        return Optional.of(now);
    }

    @Override
    public final Optional<Node> side() {
        return Optional.of(sidePane());
    }

    @Override
    public final List<String> lanes() {
        return lanes;
    }
}
