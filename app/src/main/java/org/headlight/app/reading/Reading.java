package org.headlight.app.reading;

import javafx.scene.Node;

import org.headlight.app.command.KeyBinding;
import org.kordamp.ikonli.Ikon;

import java.util.List;
import java.util.Optional;

/**
 * One way to read the maps: a button of the rail, a key, a pane under the map and a pane in the
 * inspector's place. Everything is called on the window's thread. A reading is made once, with the
 * window, and does no work before {@link #shown()}.
 *
 * <p>What is selected is shared: a reading chooses heads, queries and keys through the {@link
 * org.headlight.app.explore.ExploreViewModel} of its {@link ReadingContext} and follows what is
 * chosen there, so that a choice made anywhere is seen everywhere.
 */
public interface Reading {

    /** The word under the icon, such as "Sinks". */
    String name();

    /** What it shows, one sentence with the paper named. */
    String tip();

    /** The icon, of the Feather pack. */
    Ikon icon();

    /** The key that chooses it. */
    KeyBinding key();

    /**
     * What lies under the map; empty for nothing, which leaves the whole middle to the map. Asked
     * for when the reading is first chosen, and the node is kept. It should do with a height of 180
     * pixels and use what it is given. Most are a {@link ReadingPane}.
     */
    Optional<Node> lower();

    /**
     * What stands in the inspector's place; empty for the inspector. Asked for when the reading is
     * first chosen, and the node is kept. Mostly 288 pixels wide, 200 at least.
     */
    Optional<Node> side();

    /**
     * The lanes of the {@link org.headlight.app.task.TaskRunner} in which this reading's work reads
     * captures or runs the model: neither is closed before these lanes have let go.
     */
    List<String> lanes();

    /**
     * It has been chosen: from now on it may compute, and lay things over the map through {@link
     * org.headlight.app.explore.ExploreViewModel#dress()}.
     */
    default void shown() {}

    /**
     * Another one is chosen: long work may go on, quick work stops. What it laid over the map has
     * been taken away already.
     */
    default void hidden() {}
}
