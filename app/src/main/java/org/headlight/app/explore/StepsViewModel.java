package org.headlight.app.explore;

import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleIntegerProperty;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.generate.Candidate;
import org.headlight.engine.generate.GeneratedToken;
import org.headlight.engine.token.Token;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.text.TokenLabel;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The steps in which a response was written, one after the other. Step s, from 1, read the token
 * before the s-th of the response and wrote that one: its attention is the row of the token that it
 * read.
 */
public final class StepsViewModel {
    private static final int OTHERS = 2;

    private final ReadOnlyObjectProperty<@Nullable Capture> capture;
    private final Function<Capture, List<GeneratedToken>> details;
    private final ReadOnlyIntegerWrapper count = new ReadOnlyIntegerWrapper();
    private final IntegerProperty step = new SimpleIntegerProperty();
    private final ReadOnlyIntegerWrapper row = new ReadOnlyIntegerWrapper(-1);
    private final ReadOnlyStringWrapper text = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper others = new ReadOnlyStringWrapper("");
    private List<GeneratedToken> known = List.of();

    /**
     * Follows a capture.
     *
     * @param details what is known of each step of a capture; empty for nothing
     */
    public StepsViewModel(
            ReadOnlyObjectProperty<@Nullable Capture> capture,
            Function<Capture, List<GeneratedToken>> details) {
        this.capture = capture;
        this.details = details;
        step.addListener((property, old, now) -> chosen());
        capture.subscribe(this::show);
    }

    /** How many steps there are; 0 when the model wrote nothing of the text. */
    public ReadOnlyIntegerProperty countProperty() {
        return count.getReadOnlyProperty();
    }

    /** The step that is looked at, from 1; 0 for none. */
    public IntegerProperty stepProperty() {
        return step;
    }

    /** The row of the map that is the attention of the step; -1 for none. */
    public ReadOnlyIntegerProperty rowProperty() {
        return row.getReadOnlyProperty();
    }

    /** What the step read and wrote, in words. */
    public ReadOnlyStringProperty textProperty() {
        return text.getReadOnlyProperty();
    }

    /** What it might have written instead; empty when that is not known. */
    public ReadOnlyStringProperty othersProperty() {
        return others.getReadOnlyProperty();
    }

    /** One step on, or back for -1. */
    public void move(int steps) {
        if (count.get() > 0) {
            step.set(Math.clamp((long) step.get() + steps, 1, count.get()));
        }
    }

    /** Takes over the row that is looked at elsewhere; -1 for none. */
    public void look(int lookedAt) {
        Capture now = capture.get();
        if (now != null && count.get() > 0) {
            int number = lookedAt - now.responseFrom() + 2;
            step.set(number >= 1 && number <= count.get() ? number : 0);
        }
    }

    private void show(@Nullable Capture now) {
        step.set(0);
        known = now == null ? List.of() : details.apply(now);
        count.set(
                now == null || now.responseFrom() == 0
                        ? 0
                        : now.tokens().size() - now.responseFrom());
        chosen();
    }

    private void chosen() {
        Capture now = capture.get();
        int number = step.get();
        if (now == null || number < 1 || number > count.get()) {
            row.set(-1);
            text.set(number == 0 && count.get() > 0 ? invitation() : "");
            others.set("");
            return;
        }
        int position = now.responseFrom() + number - 1;
        String wrote = label(now.tokens().get(position));
        GeneratedToken token = number <= known.size() ? known.get(number - 1) : null;
        text.set(
                String.format(
                        Locale.ROOT,
                        "Step %s of %s: %s \u2192 %s%s",
                        NumberText.count(number),
                        NumberText.count(count.get()),
                        label(now.tokens().get(position - 1)),
                        wrote,
                        token == null ? "" : " " + probability(token.logProbability())));
        others.set(token == null ? "" : instead(token));
        row.set(position - 1);
    }

    private String invitation() {
        return String.format(
                Locale.ROOT,
                "%s %s: drag to see what each looked at",
                NumberText.count(count.get()),
                count.get() == 1 ? "step" : "steps");
    }

    private static String instead(GeneratedToken token) {
        return token.candidates().stream()
                .filter(c -> c.token().id() != token.token().id())
                .limit(OTHERS)
                .map(StepsViewModel::words)
                .collect(Collectors.joining("  ", "or ", ""));
    }

    private static String words(Candidate candidate) {
        return label(candidate.token()) + " " + probability(candidate.logProbability());
    }

    private static String probability(double logProbability) {
        return NumberText.probability((float) Math.exp(logProbability));
    }

    private static String label(Token token) {
        return TokenLabel.of(token).text();
    }
}
