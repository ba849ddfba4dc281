package org.headlight.app.explore;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.headlight.engine.capture.SiteCapture;
import org.headlight.engine.token.Token;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.raster.AttentionMap;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds tokens by their text, and cells by their position. */
public final class FinderViewModel {
    private static final Pattern POSITION =
            Pattern.compile("\\s*(\\d{1,9})\\s*(?:[,; ]\\s*(\\d{1,9})\\s*)?");

    private final ExploreViewModel explore;
    private final ReadOnlyStringWrapper answer = new ReadOnlyStringWrapper("");
    private final ReadOnlyObjectWrapper<@Nullable Cell> target = new ReadOnlyObjectWrapper<>();
    private String needle = "";
    private List<Integer> found = List.of();
    private int at = -1;

    public FinderViewModel(ExploreViewModel explore) {
        this.explore = explore;
    }

    /** What was found, in words, or why nothing was. */
    public ReadOnlyStringProperty answerProperty() {
        return answer.getReadOnlyProperty();
    }

    /** The cell to go to; null before the first. */
    public ReadOnlyObjectProperty<@Nullable Cell> targetProperty() {
        return target.getReadOnlyProperty();
    }

    /**
     * Goes to the next token that contains a text, ignoring case: as a query, keeping the key.
     *
     * @param step 1 for the next, -1 for the one before
     * @param asKey as a key, keeping the query
     * @param from the cell that is looked at; null for none
     */
    public void find(String text, int step, boolean asKey, @Nullable Cell from) {
        Optional<SiteCapture> site = explore.site();
        if (site.isEmpty() || text.isEmpty()) {
            answer.set("");
            return;
        }
        List<Token> tokens = asKey ? site.get().keyTokens() : site.get().queryTokens();
        if (!text.equals(needle)) {
            at = -1;
        }
        needle = text;
        found = positions(tokens, text);
        if (found.isEmpty()) {
            answer.set("No token contains \"" + text + "\".");
            return;
        }
        at = at < 0 ? (step > 0 ? 0 : found.size() - 1) : Math.floorMod(at + step, found.size());
        answer.set(
                NumberText.count(at + 1L)
                        + " of "
                        + NumberText.count(found.size())
                        + (asKey ? ", as key" : ", as query"));
        int position = found.get(at);
        int others = (asKey ? site.get().queryTokens() : site.get().keyTokens()).size();
        int other = from == null ? Math.min(position, others - 1) : asKey ? from.row() : from.col();
        target.set(asKey ? new Cell(other, position) : new Cell(position, other));
    }

    private static List<Integer> positions(List<Token> tokens, String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).text().toLowerCase(Locale.ROOT).contains(wanted)) {
                positions.add(i);
            }
        }
        return positions;
    }

    /** Goes to "512" (a query) or "512, 3" (a query and a key). */
    public void goTo(String text, @Nullable Cell from) {
        AttentionMap map = explore.mapProperty().get();
        if (map == null || text.isBlank()) {
            answer.set("");
            return;
        }
        Matcher matcher = POSITION.matcher(text);
        if (!matcher.matches()) {
            answer.set("Type a query position, or a query and a key: 512, 3");
            return;
        }
        int row = Integer.parseInt(matcher.group(1));
        int col =
                matcher.group(2) != null
                        ? Integer.parseInt(matcher.group(2))
                        : from == null ? Math.min(row, map.cols() - 1) : from.col();
        if (row >= map.rows() || col >= map.cols()) {
            answer.set(
                    "Queries end at "
                            + NumberText.count(map.rows() - 1L)
                            + ", keys at "
                            + NumberText.count(map.cols() - 1L)
                            + ".");
            return;
        }
        answer.set("");
        target.set(new Cell(row, col));
    }
}
