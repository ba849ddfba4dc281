package org.headlight.app.open;

import javafx.stage.DirectoryChooser;
import javafx.stage.FileChooser;
import javafx.stage.Window;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;

/** The file dialogs of the desktop. */
public final class FxFileDialogs implements FileDialogs {
    private final Window owner;

    public FxFileDialogs(Window owner) {
        this.owner = owner;
    }

    @Override
    public Optional<Path> openSource() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Open a model, a capture or a dump");
        chooser.getExtensionFilters()
                .addAll(
                        new FileChooser.ExtensionFilter(
                                "Models, captures and dumps",
                                "*.onnx",
                                "*.safetensors",
                                "*.npy",
                                "*.npz"),
                        new FileChooser.ExtensionFilter("All files", "*"));
        return path(chooser.showOpenDialog(owner));
    }

    @Override
    public Optional<Path> openFolder() {
        DirectoryChooser chooser = new DirectoryChooser();
        chooser.setTitle("Open a model folder");
        return path(chooser.showDialog(owner));
    }

    @Override
    public Optional<Path> openText() {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Load a text");
        return path(chooser.showOpenDialog(owner));
    }

    @Override
    public Optional<Path> save(String suggestion, String kind, String extension) {
        FileChooser chooser = new FileChooser();
        chooser.setTitle("Export");
        chooser.setInitialFileName(suggestion);
        chooser.getExtensionFilters().add(new FileChooser.ExtensionFilter(kind, "*." + extension));
        return path(chooser.showSaveDialog(owner));
    }

    private static Optional<Path> path(File file) {
        return Optional.ofNullable(file).map(File::toPath);
    }
}
