package org.headlight.app.settings;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.headlight.engine.model.ThreadBound;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What the settings sheet shows and changes. Every choice is applied and written at once. */
public final class SettingsViewModel {
    private final SettingsModel settings;
    private final Consumer<ThemeChoice> dress;
    private final int processors;
    private final ReadOnlyObjectWrapper<ThemeChoice> theme = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<OptionalInt> threads = new ReadOnlyObjectWrapper<>();

    /**
     * A sheet over the settings as they are.
     *
     * @param dress applies a theme and remembers it
     * @param processors how many the machine has, 1 or more
     */
    public SettingsViewModel(SettingsModel settings, Consumer<ThemeChoice> dress, int processors) {
        this.settings = settings;
        this.dress = dress;
        this.processors = processors;
        read();
    }

    private void read() {
        theme.set(settings.get().theme());
        OptionalInt count = settings.get().threads();
        threads.set(
                count.isPresent() && !new ThreadBound(processors).allows(count.getAsInt())
                        ? OptionalInt.empty()
                        : count);
    }

    public ReadOnlyObjectProperty<ThemeChoice> themeProperty() {
        return theme.getReadOnlyProperty();
    }

    /**
     * Threads of the runtime; empty for one a processor, also where more are set than this machine
     * makes sense of.
     */
    public ReadOnlyObjectProperty<OptionalInt> threadsProperty() {
        return threads.getReadOnlyProperty();
    }

    /**
     * The numbers of threads to choose from: automatic, one to the number of processors, and what
     * is set already, be it more.
     */
    public List<OptionalInt> threadChoices() {
        OptionalInt set = threads.get();
        return IntStream.concat(
                        IntStream.rangeClosed(0, processors),
                        set.isPresent() && set.getAsInt() > processors
                                ? IntStream.of(set.getAsInt())
                                : IntStream.empty())
                .mapToObj(count -> count == 0 ? OptionalInt.empty() : OptionalInt.of(count))
                .toList();
    }

    /** A number of threads for people. */
    public String words(OptionalInt count) {
        return count.isPresent()
                ? Integer.toString(count.getAsInt())
                : "Automatic (" + processors + ")";
    }

    public void chooseTheme(ThemeChoice choice) {
        dress.accept(choice);
        read();
    }

    /** Sets the threads of the models that are opened from now on. */
    public void chooseThreads(OptionalInt count) {
        settings.change(now -> now.withThreads(count));
        read();
    }
}
