package org.headlight.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;

import org.junit.jupiter.api.Test;

import java.util.HashMap;
import java.util.Map;

class KeyBindingTest {

    @Test
    void noTwoBindingsShareAKey() {
        Map<KeyCombination, KeyBinding> taken = new HashMap<>();
        for (KeyBinding binding : KeyBinding.values()) {
            for (KeyCombination keys : binding.combinations()) {
                KeyBinding other = taken.put(keys, binding);
                assertThat(other).as("%s of %s", keys, binding).isNull();
            }
        }
    }

    @Test
    void everyKeyIsOneThatKeyboardsHave() {
        for (KeyBinding binding : KeyBinding.values()) {
            assertThat(binding.combinations())
                    .as("%s", binding)
                    .hasOnlyElementsOfType(KeyCodeCombination.class);
        }
    }

    @Test
    void keysAreShownAsPeopleWriteThem() {
        assertThat(KeyBinding.OPEN.display()).isEqualTo("Ctrl+O");
        assertThat(KeyBinding.SCALE.display()).isEqualTo("L");
    }
}
