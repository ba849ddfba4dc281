package org.headlight.app.settings;

import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.headlight.app.task.TaskRequest;
import org.headlight.app.task.TaskRunner;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.device.Devices;
import org.headlight.engine.device.Driver;
import org.headlight.engine.device.Gpu;
import org.headlight.engine.device.NativesCheck;
import org.headlight.engine.device.NativesFolder;
import org.jspecify.annotations.Nullable;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where models run: the devices that were found, the one that is asked for, why another one is
 * used, and the folder of natives with its check. Every choice is written at once; the model that
 * is open follows it by itself.
 */
public final class DeviceViewModel {
    /** The lane in which devices are looked for and tried. */
    public static final String LANE = "devices";

    private final SettingsModel settings;
    private final TaskRunner tasks;
    private final Devices devices;
    private final Optional<Path> started;
    private final ReadOnlyObjectWrapper<Device> asked = new ReadOnlyObjectWrapper<>(Device.CPU);
    private final ReadOnlyStringWrapper reason = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper natives = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper check = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper complete = new ReadOnlyBooleanWrapper(true);
    private final ReadOnlyStringWrapper chip = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper attention = new ReadOnlyStringWrapper("");
    private final ReadOnlyStringWrapper trouble = new ReadOnlyStringWrapper("");
    private DeviceChoice used = DeviceChoice.cpu();
    private Supplier<AttentionPlace> places = AttentionPlace::cpu;
    private AttentionPlace place = AttentionPlace.cpu();
    private final ObservableList<Device> choices = FXCollections.observableArrayList();
    private @Nullable Driver driver;

    /**
     * @param devices the devices of this process
     * @param asked the device that is asked for now
     * @param started the folder of natives that was named when the program was started
     */
    public DeviceViewModel(
            SettingsModel settings,
            TaskRunner tasks,
            Devices devices,
            Device asked,
            Optional<Path> started) {
        this.settings = settings;
        this.tasks = tasks;
        this.devices = devices;
        this.started = started;
        this.asked.set(asked);
        natives.set(
                settings.get().device().natives().or(() -> started).map(Path::toString).orElse(""));
        list();
        showChip();
        checkNatives(folder -> {});
        refresh();
        if (asked instanceof Device.Cuda) {
            tryOut(asked);
        }
    }

    /** What can be chosen: the processor, what was found, and what is asked for. */
    public ObservableList<Device> choices() {
        return choices;
    }

    /** The device that is asked for. */
    public ReadOnlyObjectProperty<Device> askedProperty() {
        return asked.getReadOnlyProperty();
    }

    /** Why the device that is asked for is not used, one sentence; empty when it is. */
    public ReadOnlyStringProperty reasonProperty() {
        return reason.getReadOnlyProperty();
    }

    /** The device that the open model runs on, for the status bar. */
    public ReadOnlyStringProperty chipProperty() {
        return chip.getReadOnlyProperty();
    }

    /** What last went wrong on the device in use, one sentence; empty when nothing did. */
    public ReadOnlyStringProperty troubleProperty() {
        return trouble.getReadOnlyProperty();
    }

    /** Hears, on any thread, that the processor did what the device in use failed at, and why. */
    public void trouble(String sentence) {
        tasks.later(() -> {
            // The same may happen again, and is told again.
            trouble.set("");
            trouble.set(sentence);
        });
    }

    /** Whether the open model runs on a CUDA device, whose free memory changes. */
    public boolean onCuda() {
        return used.used() instanceof Device.Cuda;
    }

    /**
     * What computes attention between the pieces of the open model, one sentence; empty where it
     * runs on the processor.
     */
    public ReadOnlyStringProperty attentionProperty() {
        return attention.getReadOnlyProperty();
    }

    /** Whether the processor computes attention though the open model runs on a device. */
    public boolean attentionAside() {
        return place.fellBack();
    }

    /**
     * Hears which device the model runs on that was opened.
     *
     * @param attention tells what computes attention between its pieces, now
     */
    public void opened(DeviceChoice choice, Supplier<AttentionPlace> attention) {
        used = choice;
        places = attention;
        if (choice.asked().equals(asked.get())) {
            reason.set(choice.reason());
        }
        showChip();
        refresh();
    }

    private void showChip() {
        place = places.get();
        attention.set(onCuda() ? sentence(place) : "");
        String aside = attentionAside() ? " \u00b7 attention on the CPU" : "";
        chip.set(
                used.fellBack()
                        ? used.used().label() + " instead of " + used.asked().label()
                        : words(used.used()) + aside);
    }

    private static String sentence(AttentionPlace place) {
        return place.fellBack()
                ? "Attention between the pieces is computed by the CPU: " + place.reason()
                : "Attention between the pieces is computed on " + place.words() + ".";
    }

    /** The folder of natives as it is typed. */
    public ReadOnlyStringProperty nativesProperty() {
        return natives.getReadOnlyProperty();
    }

    /** What the folder of natives holds or lacks, one sentence; empty when none is named. */
    public ReadOnlyStringProperty checkProperty() {
        return check.getReadOnlyProperty();
    }

    /** Whether the folder can be used, or none is named. */
    public ReadOnlyBooleanProperty completeProperty() {
        return complete.getReadOnlyProperty();
    }

    /** A device for people: "CUDA 0 · NVIDIA H100 80GB HBM3 · 61 of 80 GB free". */
    public String words(Device device) {
        return words(device, driver);
    }

    /** A device for people, with what a driver says of it. */
    public static String words(Device device, @Nullable Driver driver) {
        if (!(device instanceof Device.Cuda cuda)) {
            return device.label();
        }
        Optional<Gpu> gpu = driver == null ? Optional.empty() : driver.gpu(cuda.index());
        return gpu.map(found ->
                        cuda.label() + " \u00b7 " + found.name() + " \u00b7 " + found.memory())
                .orElse(cuda.label());
    }

    /** Asks for a device from now on. */
    public void choose(Device device) {
        if (device.equals(asked.get())) {
            return;
        }
        reason.set("");
        settings.change(now -> now.withDevice(now.device().withDevice(device)));
        asked.set(device);
        list();
        if (device instanceof Device.Cuda) {
            tryOut(device);
        }
    }

    /** Names the folder of natives, as it is typed; it is written when it can be used, or empty. */
    public void setNatives(String typed) {
        natives.set(typed);
        if (typed.isBlank()) {
            settings.change(now -> now.withDevice(now.device().withNatives(Optional.empty())));
        }
        checkNatives(folder ->
                settings.change(
                        now -> now.withDevice(now.device().withNatives(Optional.of(folder)))));
    }

    /** Looks at the folder in the background: it may lie on a slow disk. */
    private void checkNatives(Consumer<Path> usable) {
        String typed = natives.get().strip();
        Optional<Path> folder = folder(typed);
        if (folder.isEmpty()) {
            tasks.cancel(LANE + "-natives");
            complete.set(typed.isEmpty());
            check.set(typed.isEmpty() ? "" : typed + " cannot be the name of a folder here.");
            return;
        }
        NativesFolder named = new NativesFolder(folder.get(), devices.machine().platform());
        tasks.submit(
                TaskRequest.of(LANE + "-natives", "", progress -> named.check())
                        .onDone(found ->
                                judge(named.path(), Objects.requireNonNull(found), usable)));
    }

    private void judge(Path folder, NativesCheck found, Consumer<Path> usable) {
        complete.set(found.complete());
        boolean later = found.complete() && !same(folder);
        check.set(
                found.sentence()
                        + (later ? " It is used from the next start of Headlight on." : ""));
        if (found.complete()) {
            usable.accept(folder);
        }
    }

    private boolean same(Path folder) {
        return started.map(Path::toAbsolutePath)
                .map(Path::normalize)
                .filter(folder.toAbsolutePath().normalize()::equals)
                .isPresent();
    }

    private static Optional<Path> folder(String typed) {
        try {
            return typed.isBlank() ? Optional.empty() : Optional.of(Path.of(typed.strip()));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private void list() {
        List<Device> all = new ArrayList<>(List.of(Device.CPU));
        if (driver != null) {
            driver.gpus().forEach(gpu -> all.add(gpu.device()));
        }
        if (all.stream().noneMatch(Device.Cuda.class::isInstance)) {
            // What cannot be used is offered all the same: choosing it tells why.
            all.add(new Device.Cuda(0));
        }
        if (!all.contains(asked.get())) {
            all.add(asked.get());
        }
        if (!all.equals(choices)) {
            choices.setAll(all);
        }
    }

    /** Looks again what devices there are, and what they have free. */
    public void refresh() {
        tasks.submit(
                TaskRequest.of(LANE + "-found", "", progress -> devices.machine().driver())
                        .onDone(found -> {
                            driver = found.orElse(null);
                            list();
                            showChip();
                        }));
    }

    private void tryOut(Device device) {
        tasks.submit(
                TaskRequest.of(LANE, "", progress -> devices.choose(device))
                        .onDone(choice -> tried(Objects.requireNonNull(choice))));
    }

    private void tried(DeviceChoice choice) {
        if (choice.asked().equals(asked.get())) {
            reason.set(choice.reason());
        }
    }
}
