package org.headlight.viz.control.strip;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.control.Control;
import javafx.scene.control.Skin;

import org.headlight.engine.token.Token;
import org.headlight.viz.raster.ColorMap;
import org.headlight.viz.raster.Scale;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The tokens of a text as flowing chips, tinted by a profile of the map. A click picks a token as
 * query or as key, by {@link #modeProperty()}; with Alt or Shift it picks the other one.
 */
public final class TokenStrip extends Control {
    /** No token. */
    public static final int NONE = -1;

    private final ObjectProperty<List<Token>> tokens =
            new SimpleObjectProperty<>(this, "tokens", List.of());
    private final ObjectProperty<PickMode> mode =
            new SimpleObjectProperty<>(this, "mode", PickMode.QUERY);
    private final ObservableList<Node> tools = FXCollections.observableArrayList();
    private final IntegerProperty query = new SimpleIntegerProperty(this, "query", NONE);
    private final IntegerProperty key = new SimpleIntegerProperty(this, "key", NONE);
    private final ReadOnlyIntegerWrapper hovered =
            new ReadOnlyIntegerWrapper(this, "hovered", NONE);
    private final ObjectProperty<float @Nullable []> profile =
            new SimpleObjectProperty<>(this, "profile");
    private final ObjectProperty<ColorMap> colorMap =
            new SimpleObjectProperty<>(this, "colorMap", ColorMap.VIRIDIS);
    private final ObjectProperty<Scale> scale =
            new SimpleObjectProperty<>(this, "scale", new Scale(Scale.Kind.LOG, 1e-4f, 1));
    private final BooleanProperty dark = new SimpleBooleanProperty(this, "dark");

    private final ObjectProperty<@Nullable TokenTint> tint =
            new SimpleObjectProperty<>(this, "tint");
    private final ObservableList<TokenMarks> marks = FXCollections.observableArrayList();

    private final IntegerProperty responseFrom =
            new SimpleIntegerProperty(this, "responseFrom", NONE);

    private final IntegerProperty reveal = new SimpleIntegerProperty(this, "reveal", NONE);

    public TokenStrip() {
        getStyleClass().add("token-strip");
        setAccessibleRole(AccessibleRole.LIST_VIEW);
        setAccessibleText("Tokens");
        setFocusTraversable(true);
    }

    /** What stands at the end of the line above the tokens; to be filled before it is shown. */
    public ObservableList<Node> tools() {
        return tools;
    }

    @Override
    protected Skin<?> createDefaultSkin() {
        return new TokenStripSkin(this);
    }

    public ObjectProperty<List<Token>> tokensProperty() {
        return tokens;
    }

    /** What a plain click picks. */
    public ObjectProperty<PickMode> modeProperty() {
        return mode;
    }

    /** The picked query's position, or {@link #NONE}. */
    public IntegerProperty queryProperty() {
        return query;
    }

    /** The picked key's position, or {@link #NONE}. */
    public IntegerProperty keyProperty() {
        return key;
    }

    /** The position under the pointer, or {@link #NONE}. */
    public ReadOnlyIntegerProperty hoveredProperty() {
        return hovered.getReadOnlyProperty();
    }

    void hover(int position) {
        hovered.set(position);
    }

    /** One probability for each token, NaN where masked, to tint by; null for no tint. */
    public ObjectProperty<float @Nullable []> profileProperty() {
        return profile;
    }

    /** A tint that takes the place of {@link #profileProperty()}; null for none. */
    public ObjectProperty<@Nullable TokenTint> tintProperty() {
        return tint;
    }

    /** Kinds of tokens that are marked by a sign, each with its legend above the tokens. */
    public ObservableList<TokenMarks> marks() {
        return marks;
    }

    public ObjectProperty<ColorMap> colorMapProperty() {
        return colorMap;
    }

    public ObjectProperty<Scale> scaleProperty() {
        return scale;
    }

    public BooleanProperty darkProperty() {
        return dark;
    }

    /**
     * Position of the first token that the model wrote, from which on chips are marked; {@link
     * #NONE} when all are input.
     */
    public IntegerProperty responseFromProperty() {
        return responseFrom;
    }

    /** Whether a token is one that the model wrote. */
    boolean written(int position) {
        return responseFrom.get() != NONE && position >= responseFrom.get();
    }

    /** Scrolls so that a token is visible. */
    public void reveal(int position) {
        reveal.set(position);
    }

    /** What {@link #reveal} asked for last; the skin listens and resets it. */
    IntegerProperty revealProperty() {
        return reveal;
    }
}
