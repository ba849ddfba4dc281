package org.headlight.app.workbench;

import javafx.stage.Stage;

import org.headlight.app.command.KeyBinding;
import org.headlight.app.command.KeyDispatcher;
import org.headlight.app.explore.ExploreViewModel;
import org.headlight.app.explore.MapPane;
import org.headlight.app.reading.Reading;

import java.util.EnumSet;

/** Joins the keys to what they do. */
final class WorkbenchKeys {
    private static final double STEP = 1.5;

    private final WorkbenchModel model;
    private final WorkbenchView view;

    WorkbenchKeys(WorkbenchModel model, WorkbenchView view) {
        this.model = model;
        this.view = view;
    }

    /** What the keys ask of the window itself. */
    record Actions(
            Runnable found,
            Runnable export,
            Runnable copyCommand,
            Runnable theme,
            Runnable settings) {}

    KeyDispatcher dispatcher(Stage stage, Actions actions) {
        KeyDispatcher keys = new KeyDispatcher();
        keys.on(KeyBinding.OPEN, model.open()::browseFile);
        keys.on(KeyBinding.OPEN_FOLDER, model.open()::browseFolder);
        keys.on(KeyBinding.FOUND, actions.found());
        keys.on(KeyBinding.RUN, this::run);
        keys.on(KeyBinding.GENERATE, this::generate);
        keys.on(KeyBinding.CANCEL, model::cancel);
        keys.on(KeyBinding.EDIT_TEXT, view.top().inputView()::edit);
        keys.on(KeyBinding.EXPORT, actions.export());
        keys.on(KeyBinding.COPY_COMMAND, actions.copyCommand());
        keys.on(KeyBinding.THEME, actions.theme());
        keys.on(KeyBinding.SETTINGS, actions.settings());
        keys.onlyWhile(view::dialogOpen, EnumSet.of(KeyBinding.LET_GO));
        keys.on(KeyBinding.FOLD_HEADS, view::foldHeads);
        keys.on(KeyBinding.FOLD_INSPECTOR, view::foldInspector);
        keys.on(KeyBinding.FOLD_LOWER, view::foldLower);
        for (Reading reading : view.readings().readings()) {
            keys.on(reading.key(), () -> view.press(reading));
        }
        keys.on(KeyBinding.FULL_SCREEN, () -> stage.setFullScreen(!stage.isFullScreen()));
        keys.on(KeyBinding.SHORTCUTS, view.sheet()::toggle);
        bindView(keys);
        bindMap(keys);
        return keys;
    }

    private void run() {
        view.top().inputView().fold();
        model.input().run();
    }

    private void generate() {
        view.top().inputView().fold();
        view.top().generateView().act();
    }

    private void bindView(KeyDispatcher keys) {
        ExploreViewModel explore = model.explore();
        keys.on(KeyBinding.NEXT_HEAD, () -> explore.moveHead(0, 1));
        keys.on(KeyBinding.PREVIOUS_HEAD, () -> explore.moveHead(0, -1));
        keys.on(KeyBinding.NEXT_LAYER, () -> explore.moveHead(1, 0));
        keys.on(KeyBinding.PREVIOUS_LAYER, () -> explore.moveHead(-1, 0));
        keys.on(KeyBinding.SCALE, explore::nextScale);
        keys.on(KeyBinding.COLOR_MAP, explore::nextColorMap);
        keys.on(KeyBinding.SINK, explore::toggleSink);
        keys.on(KeyBinding.POOLING, explore::togglePooling);
        keys.on(KeyBinding.UNDO, explore::undo);
        keys.on(KeyBinding.REDO, explore::redo);
    }

    private void bindMap(KeyDispatcher keys) {
        MapPane map = view.map();
        keys.on(KeyBinding.FIT, map::fit);
        keys.on(KeyBinding.ONE_TO_ONE, map::oneToOne);
        keys.on(KeyBinding.ZOOM_IN, () -> map.zoom(STEP));
        keys.on(KeyBinding.ZOOM_OUT, () -> map.zoom(1 / STEP));
        keys.on(KeyBinding.FIND_TOKEN, map::find);
        keys.on(KeyBinding.GO_TO, map::goTo);
        keys.on(
                KeyBinding.LET_GO,
                () -> {
                    if (view.dialogOpen()) {
                        view.closeDialog();
                    } else if (view.sheet().isVisible()) {
                        view.sheet().setVisible(false);
                    } else {
                        map.letGo();
                    }
                });
    }
}
