package org.headlight.app.workbench;

import javafx.geometry.Rectangle2D;
import javafx.scene.Scene;
import javafx.scene.image.Image;
import javafx.stage.Screen;
import javafx.stage.Stage;
import javafx.util.Subscription;

import org.headlight.app.command.SystemClipboard;
import org.headlight.app.command.TextClipboard;
import org.headlight.app.export.ExportDialog;
import org.headlight.app.export.ExportViewModel;
import org.headlight.app.open.Opened;
import org.headlight.app.open.SourceSheet;
import org.headlight.app.open.SourceSheetViewModel;
import org.headlight.app.reading.FileResultExport;
import org.headlight.app.reading.ReadingContext;
import org.headlight.app.reading.ReadingsModel;
import org.headlight.app.settings.DeviceLines;
import org.headlight.app.settings.SettingsModel;
import org.headlight.app.settings.SettingsSheet;
import org.headlight.app.settings.SettingsViewModel;
import org.headlight.app.settings.ThemeChoice;
import org.headlight.app.settings.WindowSize;
import org.headlight.app.task.SystemLook;
import org.headlight.assets.Assets;
import org.headlight.viz.export.FigureSpec;
import org.headlight.viz.export.MapRange;
import org.headlight.viz.raster.MapViewport;

import java.util.List;

/** The window: puts models, views and keys together. */
final class Workbench {
    private static final double SMALLEST_WIDTH = 900;
    private static final double SMALLEST_HEIGHT = 600;

    private final Stage stage;
    private final WorkbenchModel.Services services;
    private final WorkbenchModel model;
    private final WorkbenchView view;
    private final ThemeController theme;
    private final TextClipboard clipboard = new SystemClipboard();

    /** A window on {@code stage}, not shown yet. */
    Workbench(Stage stage, WorkbenchModel.Services services, LaunchRequest request) {
        this.stage = stage;
        this.services = services;
        this.theme =
                new ThemeController(
                        services.settings(),
                        new SystemLook(),
                        request.theme().flatMap(ThemeChoice::ofWord));
        this.model = new WorkbenchModel(services);
        ReadingsModel readings =
                new ReadingsModel(new ReadingList(context()).make(), model.explore().dress());
        model.addLanes(readings.lanes());
        this.view =
                new WorkbenchView(
                        model,
                        readings,
                        services,
                        theme.darkProperty(),
                        new WorkbenchView.Actions(
                                this::found, this::export, theme::toggle, this::settings));
    }

    private ReadingContext context() {
        return new ReadingContext(
                services.tasks(),
                model.explore(),
                model.inspector(),
                model.open().openedProperty(),
                model.shownInputProperty(),
                theme.darkProperty(),
                model::figure,
                new FileResultExport(services.tasks(), services.dialogs(), model.status()::notify),
                services.dialogs(),
                services.assets(),
                model::captured);
    }

    WorkbenchModel model() {
        return model;
    }

    WorkbenchView view() {
        return view;
    }

    /** Shows the window and opens what was asked for. */
    void show(LaunchRequest request, Runnable closed) {
        SettingsModel settings = services.settings();
        WindowSize size = fitting(settings.get().window());
        Scene scene = new Scene(view, size.width(), size.height());
        theme.install(scene, services.assets());
        new WorkbenchKeys(model, view)
                .dispatcher(
                        stage,
                        new WorkbenchKeys.Actions(
                                this::found,
                                this::export,
                                this::copyCommand,
                                theme::toggle,
                                this::settings))
                .install(scene);
        new DropTarget(view, model::drop).install(scene);
        stage.setTitle("Headlight");
        Assets assets = services.assets();
        for (int pixels : List.of(16, 32, 64, 128, 256)) {
            stage.getIcons().add(new Image(assets.icon("headlight-" + pixels + ".png")));
        }
        stage.setMinWidth(SMALLEST_WIDTH);
        stage.setMinHeight(SMALLEST_HEIGHT);
        stage.setScene(scene);
        stage.setMaximized(size.maximized());
        stage.setOnShown(event -> view.placeDividers());
        stage.setOnHiding(event -> remember());
        stage.setOnHidden(event -> {
            close();
            closed.run();
        });
        stage.show();
        view.map().heatmap().requestFocus();
        model.start(request);
    }

    /** A remembered size, made to fit the screen there is now. */
    private static WindowSize fitting(WindowSize size) {
        Rectangle2D screen = Screen.getPrimary().getVisualBounds();
        return new WindowSize(
                Math.min(size.width(), screen.getWidth()),
                Math.min(size.height(), screen.getHeight()),
                size.maximized());
    }

    private void remember() {
        view.rememberPanes();
        boolean maximized = stage.isMaximized() || stage.isFullScreen();
        WindowSize old = services.settings().get().window();
        Scene scene = stage.getScene();
        services.settings()
                .change(now ->
                        now.withWindow(
                                maximized
                                        ? new WindowSize(old.width(), old.height(), true)
                                        : new WindowSize(
                                                scene.getWidth(), scene.getHeight(), false)));
    }

    private void close() {
        view.stop();
        model.close();
    }

    private void copyCommand() {
        model.command()
                .ifPresent(command -> {
                    clipboard.copy(command);
                    model.status().notify("Copied: " + shortened(command));
                });
    }

    private static String shortened(String command) {
        String line = command.replace('\n', ' ');
        return line.length() > 120 ? line.substring(0, 119) + "\u2026" : line;
    }

    private void settings() {
        SettingsViewModel sheet =
                new SettingsViewModel(
                        services.settings(),
                        theme::choose,
                        Runtime.getRuntime().availableProcessors());
        DeviceLines device = new DeviceLines(services.devices(), services.dialogs()::openFolder);
        view.over(close -> new SettingsSheet(sheet, device, close));
    }

    /** What was found in the open model, until another one is open. */
    private void found() {
        Opened opened = model.open().openedProperty().get();
        if (opened == null) {
            return;
        }
        SourceSheetViewModel sheet = new SourceSheetViewModel(services.tasks(), opened);
        view.over(close -> {
            Subscription[] exchanged = new Subscription[1];
            Runnable closeOnce =
                    () -> {
                        exchanged[0].unsubscribe();
                        sheet.stop();
                        close.run();
                    };
            exchanged[0] = model.open().openedProperty().subscribe((old, now) -> closeOnce.run());
            return new SourceSheet(sheet, closeOnce);
        });
        sheet.startCheck();
    }

    private void export() {
        model.figure()
                .ifPresent(figure -> {
                    ExportViewModel export =
                            new ExportViewModel(
                                    services.tasks(),
                                    services.dialogs(),
                                    services.exporter(),
                                    figure,
                                    visible(figure));
                    export.writtenProperty()
                            .addListener(
                                    (property, old, now) -> model.status().notify("Wrote " + now));
                    view.over(close -> untilExchanged(export, close));
                });
    }

    /** The dialog, which goes away with the capture whose map it would write. */
    private ExportDialog untilExchanged(ExportViewModel export, Runnable close) {
        Subscription[] exchanged = new Subscription[1];
        Runnable closeOnce =
                () -> {
                    exchanged[0].unsubscribe();
                    close.run();
                };
        exchanged[0] = model.explore().captureProperty().subscribe((old, now) -> closeOnce.run());
        return new ExportDialog(export, closeOnce);
    }

    /** The cells that the window shows. */
    private MapRange visible(FigureSpec figure) {
        MapViewport port = view.map().heatmap().viewportProperty().get();
        MapRange all = figure.range();
        if (port == null) {
            return all;
        }
        int row0 = Math.clamp(port.rowAt(0), 0, all.rows() - 1);
        int col0 = Math.clamp(port.colAt(0), 0, all.cols() - 1);
        int row1 = Math.clamp(port.rowAt(port.height() - 1.0) + 1L, row0 + 1, all.rows());
        int col1 = Math.clamp(port.colAt(port.width() - 1.0) + 1L, col0 + 1, all.cols());
        return new MapRange(row0, row1, col0, col1);
    }
}
