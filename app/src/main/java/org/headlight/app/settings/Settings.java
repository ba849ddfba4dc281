package org.headlight.app.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Everything that is remembered between two launches.
 *
 * @param theme how the window looks
 * @param threads threads of the runtime; empty for as many as there are processors
 * @param recent what was opened, the newest first; at most {@link #RECENT}
 * @param window the window's size
 * @param panes the panes' sizes
 * @param writing how a model writes
 * @param device where models run
 */
public record Settings(
        ThemeChoice theme,
        OptionalInt threads,
        List<Path> recent,
        WindowSize window,
        PaneSizes panes,
        WritingChoice writing,
        DeviceSettings device) {

    /** How many recent sources are kept. */
    public static final int RECENT = 10;

    public Settings {
        recent = List.copyOf(recent.subList(0, Math.min(RECENT, recent.size())));
    }

    /** The settings of a first launch. */
    public static Settings defaults() {
        return new Settings(
                ThemeChoice.SYSTEM,
                OptionalInt.empty(),
                List.of(),
                WindowSize.defaults(),
                PaneSizes.defaults(),
                WritingChoice.defaults(),
                DeviceSettings.defaults());
    }

    public Settings withTheme(ThemeChoice choice) {
        return new Settings(choice, threads, recent, window, panes, writing, device);
    }

    public Settings withThreads(OptionalInt count) {
        return new Settings(theme, count, recent, window, panes, writing, device);
    }

    public Settings withWindow(WindowSize size) {
        return new Settings(theme, threads, recent, size, panes, writing, device);
    }

    public Settings withPanes(PaneSizes sizes) {
        return new Settings(theme, threads, recent, window, sizes, writing, device);
    }

    public Settings withWriting(WritingChoice choice) {
        return new Settings(theme, threads, recent, window, panes, choice, device);
    }

    public Settings withDevice(DeviceSettings choice) {
        return new Settings(theme, threads, recent, window, panes, writing, choice);
    }

    /** With {@code path} as the newest of the recent sources. */
    public Settings withRecent(Path path) {
        List<Path> paths = new ArrayList<>();
        paths.add(path);
        recent.stream().filter(other -> !other.equals(path)).forEach(paths::add);
        return new Settings(theme, threads, paths, window, panes, writing, device);
    }

    /** Without {@code path} among the recent sources. */
    public Settings withoutRecent(Path path) {
        return new Settings(
                theme,
                threads,
                recent.stream().filter(other -> !other.equals(path)).toList(),
                window,
                panes,
                writing,
                device);
    }
}
