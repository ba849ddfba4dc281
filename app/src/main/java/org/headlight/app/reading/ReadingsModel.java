package org.headlight.app.reading;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

import org.headlight.app.explore.MapDress;

import java.util.List;

/** The readings of the rail, and the one that is chosen. */
public final class ReadingsModel {
    private final List<Reading> readings;
    private final MapDress dress;
    private final ReadOnlyObjectWrapper<Reading> chosen;

    /**
     * With the first one chosen.
     *
     * @param readings at least one, in the order of the rail
     * @param dress what is laid over the map; cleared with every change
     */
    public ReadingsModel(List<Reading> readings, MapDress dress) {
        this.readings = List.copyOf(readings);
        this.dress = dress;
        this.chosen = new ReadOnlyObjectWrapper<>(readings.getFirst());
        readings.getFirst().shown();
    }

    public List<Reading> readings() {
        return readings;
    }

    /** The reading that is chosen. */
    public ReadOnlyObjectProperty<Reading> chosenProperty() {
        return chosen.getReadOnlyProperty();
    }

    /** Chooses one of the readings. */
    public void choose(Reading reading) {
        Reading old = chosen.get();
        if (!readings.contains(reading) || reading.equals(old)) {
            return;
        }
        dress.clear();
        old.hidden();
        chosen.set(reading);
        reading.shown();
    }

    /** The lanes in which readings use captures and the model. */
    public List<String> lanes() {
        return readings.stream().flatMap(reading -> reading.lanes().stream()).toList();
    }
}
