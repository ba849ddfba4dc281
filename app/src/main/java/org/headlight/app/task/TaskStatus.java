package org.headlight.app.task;

import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.headlight.engine.task.Progress;
import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/** How far a task is. Its properties change on the window's thread; cancelling works from any. */
public final class TaskStatus {
    private record Report(double fraction, String stage) {}

    private final String title;
    private final UiThread ui;
    private final ReadOnlyDoubleWrapper fraction = new ReadOnlyDoubleWrapper(-1);
    private final ReadOnlyStringWrapper stage = new ReadOnlyStringWrapper("");
    private final AtomicReference<@Nullable Report> pending = new AtomicReference<>();
    private volatile boolean cancelled;

    TaskStatus(String title, UiThread ui) {
        this.title = title;
        this.ui = ui;
    }

    public String title() {
        return title;
    }

    /** From 0 to 1; negative when it is not known. */
    public ReadOnlyDoubleProperty fractionProperty() {
        return fraction.getReadOnlyProperty();
    }

    /** What is being done, in a few words. */
    public ReadOnlyStringProperty stageProperty() {
        return stage.getReadOnlyProperty();
    }

    public void cancel() {
        cancelled = true;
    }

    public boolean cancelled() {
        return cancelled;
    }

    /** The progress that the work reports to: any number of reports become one per turn. */
    Progress progress() {
        return new Progress() {
            @Override
            public void at(double newFraction, String newStage) {
                if (!cancelled && pending.getAndSet(new Report(newFraction, newStage)) == null) {
                    ui.later(TaskStatus.this::publish);
                }
            }

            @Override
            public boolean cancelled() {
                return cancelled;
            }
        };
    }

    private void publish() {
        Report report = pending.getAndSet(null);
        if (report != null && !cancelled) {
            fraction.set(report.fraction());
            stage.set(report.stage());
        }
    }
}
