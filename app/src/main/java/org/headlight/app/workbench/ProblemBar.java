package org.headlight.app.workbench;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/** One sentence about what went wrong, in place, with what to do about it. */
final class ProblemBar extends HBox {

    ProblemBar(ReadOnlyStringProperty sentence, Runnable dismiss, Button... fixes) {
        super(8);
        getStyleClass().add("problem-bar");
        setAlignment(Pos.CENTER_LEFT);
        Label text = new Label();
        text.setGraphic(new FontIcon(Feather.ALERT_TRIANGLE));
        text.setGraphicTextGap(8);
        text.setWrapText(true);
        text.textProperty().bind(sentence);
        text.setMinHeight(Region.USE_PREF_SIZE);
        text.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(text, Priority.ALWAYS);
        getChildren().add(text);
        for (Button fix : fixes) {
            fix.getStyleClass().add("small");
            fix.setMinWidth(Region.USE_PREF_SIZE);
            fix.managedProperty().bind(fix.visibleProperty());
            getChildren().add(fix);
        }
        Button close = new Button(null, new FontIcon(Feather.X));
        close.getStyleClass().addAll("flat", "small", "button-icon");
        close.setTooltip(new Tooltip("Close"));
        close.setOnAction(event -> dismiss.run());
        getChildren().add(close);
        visibleProperty().bind(sentence.isNotEmpty());
        managedProperty().bind(visibleProperty());
    }
}
