package org.headlight.app.sparse;

import javafx.scene.control.CustomMenuItem;
import javafx.scene.control.Label;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

import org.headlight.analysis.sparse.Honesty;
import org.headlight.analysis.sparse.Policy;
import org.headlight.analysis.sparse.PolicyInfo;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Chooses a policy for a slot: groups by what they act on and what may be claimed for them. */
final class PolicyMenu extends MenuButton {
    private static final double TITLE = 170;
    private static final double TIP = 420;
    private final PolicySlot slot;

    /**
     * A menu.
     *
     * @param none what no policy is called; empty when one has to be chosen
     */
    PolicyMenu(PolicySlot slot, List<Policy> policies, String none, String tip) {
        this.slot = slot;
        getStyleClass().addAll("small", "policy-menu");
        setAccessibleHelp(tip);
        if (!none.isEmpty()) {
            MenuItem nothing = new MenuItem(none);
            nothing.setOnAction(event -> slot.choose(null));
            getItems().add(nothing);
        }
        groups(policies).forEach((name, members) -> getItems().add(group(name, members)));
        slot.policyProperty().subscribe(policy -> show(policy, none, tip));
    }

    private void show(@Nullable Policy policy, String none, String tip) {
        setText(policy == null ? (none.isEmpty() ? "choose" : none) : policy.info().title());
        Tooltip words = new Tooltip(policy == null ? tip : tip + "\n" + words(policy.info()));
        words.setWrapText(true);
        words.setMaxWidth(TIP);
        setTooltip(words);
    }

    /** Policies by what they are, in the order of the groups' first members. */
    static Map<String, List<Policy>> groups(List<Policy> policies) {
        Map<String, List<Policy>> groups = new LinkedHashMap<>();
        for (String name : List.of(PREFILL, BOTH, DECODE, POSITIONS, SURROGATE, ORACLE)) {
            List<Policy> members =
                    policies.stream().filter(p -> group(p.info()).equals(name)).toList();
            if (!members.isEmpty()) {
                groups.put(name, members);
            }
        }
        return groups;
    }

    private static final String PREFILL = "Prefill";
    private static final String BOTH = "Prefill and decoding";
    private static final String DECODE = "Decoding";
    private static final String POSITIONS = "With other positions";
    private static final String SURROGATE = "Surrogates (trained parts missing)";
    private static final String ORACLE = "Upper bounds (read the dense map)";

    private static String group(PolicyInfo info) {
        if (info.honesty() == Honesty.ORACLE) {
            return ORACLE;
        }
        if (info.honesty() == Honesty.SURROGATE) {
            return SURROGATE;
        }
        if (info.changesPositions()) {
            return POSITIONS;
        }
        return switch (info.phase()) {
            case PREFILL -> PREFILL;
            case DECODE -> DECODE;
            case BOTH -> BOTH;
        };
    }

    private Menu group(String name, List<Policy> members) {
        Menu menu = new Menu(name);
        for (Policy policy : members) {
            Label title = new Label(policy.info().title());
            title.setMinWidth(TITLE);
            Label paper = new Label(policy.info().paper());
            paper.getStyleClass().addAll("caption", "text-muted");
            HBox.setHgrow(paper, Priority.ALWAYS);
            HBox line = new HBox(12, title, paper);
            line.setMinWidth(Region.USE_PREF_SIZE);
            Tooltip claim = new Tooltip(words(policy.info()));
            claim.setWrapText(true);
            claim.setMaxWidth(TIP);
            Tooltip.install(line, claim);
            CustomMenuItem item = new CustomMenuItem(line);
            item.setText(policy.info().title());
            item.setOnAction(event -> slot.choose(policy));
            menu.getItems().add(item);
        }
        return menu;
    }

    private static String words(PolicyInfo info) {
        return info.title() + ", " + info.paper() + ". " + info.claim();
    }
}
