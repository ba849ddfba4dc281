package org.headlight.app.command;

import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.Spinner;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Sends keys to what they are bound to. Plain keys belong to a text field while one is being typed
 * in, the space bar to a focused button, and Home to a focused slider.
 */
public final class KeyDispatcher {
    private final Map<KeyBinding, Runnable> actions = new EnumMap<>(KeyBinding.class);
    private BooleanSupplier modal = () -> false;
    private Set<KeyBinding> modalBindings = Set.of();

    /** Binds an action. A binding without one is left to the control that has the focus. */
    public void on(KeyBinding binding, Runnable action) {
        actions.put(binding, action);
    }

    /** While {@code state} lasts, as while a dialog is open, no bindings but these count. */
    public void onlyWhile(BooleanSupplier state, Set<KeyBinding> bindings) {
        modal = state;
        modalBindings = Set.copyOf(bindings);
    }

    /** Listens to the keys of a window. */
    public void install(Scene scene) {
        scene.addEventFilter(
                KeyEvent.KEY_PRESSED,
                event -> {
                    if (dispatch(event, scene.getFocusOwner())) {
                        event.consume();
                    }
                });
    }

    private boolean dispatch(KeyEvent event, Node focus) {
        boolean plain =
                !event.isShortcutDown()
                        && !event.isAltDown()
                        && !event.isControlDown()
                        && !event.getCode().isFunctionKey();
        boolean typed = plain && belongsTo(focus, event.getCode());
        boolean edited = typedIn(focus) && editing(event);
        if (typed || edited) {
            return false;
        }
        boolean few = modal.getAsBoolean();
        for (Map.Entry<KeyBinding, Runnable> entry : actions.entrySet()) {
            if (few && !modalBindings.contains(entry.getKey())) {
                continue;
            }
            for (KeyCombination combination : entry.getKey().combinations()) {
                if (combination.match(event)) {
                    entry.getValue().run();
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean belongsTo(Node focus, KeyCode code) {
        boolean pressable = focus instanceof ButtonBase || focus instanceof ComboBoxBase;
        boolean slides = focus != null && focus.getAccessibleRole() == AccessibleRole.SLIDER;
        return typedIn(focus)
                || (pressable && code == KeyCode.SPACE)
                || (slides && code == KeyCode.HOME);
    }

    /** A spinner has the focus for the field inside it. */
    private static boolean typedIn(Node focus) {
        return focus instanceof TextInputControl || focus instanceof Spinner;
    }

    /** Undo, and moving by words, inside a text. */
    private static boolean editing(KeyEvent event) {
        return switch (event.getCode()) {
            case Z, Y, LEFT, RIGHT, UP, DOWN, C -> event.isShortcutDown();
            default -> false;
        };
    }
}
