package org.headlight.app.workbench;

import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.input.DragEvent;
import javafx.scene.input.TransferMode;

import java.nio.file.Path;
import java.util.function.Consumer;

/** Takes files that are dropped on the window. */
final class DropTarget {
    private static final PseudoClass DROPPING = PseudoClass.getPseudoClass("dropping");

    private final Node marked;
    private final Consumer<Path> drop;

    /**
     * A target.
     *
     * @param marked what is marked while files hover
     */
    DropTarget(Node marked, Consumer<Path> drop) {
        this.marked = marked;
        this.drop = drop;
    }

    void install(Scene scene) {
        scene.setOnDragOver(event -> {
            if (event.getDragboard().hasFiles()) {
                event.acceptTransferModes(TransferMode.COPY);
                marked.pseudoClassStateChanged(DROPPING, true);
            }
            event.consume();
        });
        scene.setOnDragExited(event -> marked.pseudoClassStateChanged(DROPPING, false));
        scene.setOnDragDropped(this::dropped);
    }

    private void dropped(DragEvent event) {
        boolean some = event.getDragboard().hasFiles();
        if (some) {
            drop.accept(event.getDragboard().getFiles().getFirst().toPath());
        }
        event.setDropCompleted(some);
        event.consume();
    }
}
