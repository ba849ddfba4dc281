package org.headlight.app.sparse;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.Settings;
import org.headlight.analysis.sparse.run.PolicyChoice;
import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * A policy that is chosen, with its settings. Settings that are the preset of the text follow when
 * another text comes; what a person has set stays.
 */
final class PolicySlot {
    private final ReadOnlyObjectWrapper<@Nullable Policy> policy = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<@Nullable Settings> settings =
            new ReadOnlyObjectWrapper<>();
    private int tokens = 1;

    /** The policy; null for none. */
    ReadOnlyObjectProperty<@Nullable Policy> policyProperty() {
        return policy.getReadOnlyProperty();
    }

    /** Its settings; null without a policy. */
    ReadOnlyObjectProperty<@Nullable Settings> settingsProperty() {
        return settings.getReadOnlyProperty();
    }

    /** Both; empty without a policy. */
    Optional<PolicyChoice> choice() {
        Policy now = policy.get();
        Settings with = settings.get();
        return now == null || with == null
                ? Optional.empty()
                : Optional.of(new PolicyChoice(now, with));
    }

    /** Chooses a policy with the settings for the text; null for none. */
    void choose(@Nullable Policy now) {
        settings.set(null);
        policy.set(now);
        settings.set(now == null ? null : now.preset(tokens));
    }

    /** Shows a policy with its settings. */
    void take(PolicyChoice choice) {
        settings.set(null);
        policy.set(choice.policy());
        settings.set(choice.settings());
    }

    /** Sets a parameter. */
    void set(String name, double value) {
        Settings now = settings.get();
        if (now != null && now.real(name) != value) {
            settings.set(now.with(name, value));
        }
    }

    /** Every parameter at its paper's default. */
    void takePaper() {
        Policy now = policy.get();
        settings.set(now == null ? null : Settings.standard(now.info()));
    }

    /** The settings that suit the length of the text. */
    void takeScaled() {
        Policy now = policy.get();
        settings.set(now == null ? null : now.preset(tokens));
    }

    /** The text is so long now. */
    void suit(int length) {
        Policy now = policy.get();
        boolean follows = now != null && now.preset(tokens).equals(settings.get());
        tokens = length;
        if (follows) {
            takeScaled();
        }
    }
}
