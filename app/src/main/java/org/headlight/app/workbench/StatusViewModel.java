package org.headlight.app.workbench;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.capture.CaptureInfo;
import org.headlight.viz.raster.NumberText;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The facts of the status bar and the quiet notices. */
final class StatusViewModel {
    private static final double WORTH_A_NOTICE = 2;

    private final ReadOnlyStringWrapper facts = new ReadOnlyStringWrapper("");
    private String captured = "";
    private final ReadOnlyStringWrapper notice = new ReadOnlyStringWrapper("");

    /** What was captured, how quickly, and where. */
    ReadOnlyStringProperty factsProperty() {
        return facts.getReadOnlyProperty();
    }

    /** What has just ended, or was done; empty for nothing. */
    ReadOnlyStringProperty noticeProperty() {
        return notice.getReadOnlyProperty();
    }

    /**
     * Tells about a capture; with a notice when it took long enough to look away.
     *
     * @param response what the model wrote of it, in words; empty when nothing
     */
    void captured(@Nullable Capture capture, String response) {
        captured = capture == null ? "" : words(capture, response);
        facts.set(captured);
        if (capture != null && capture.info().seconds() > WORTH_A_NOTICE) {
            notify("Captured " + captured);
        }
    }

    /** Tells what is being done instead; empty for nothing. */
    void working(String words) {
        facts.set(words.isEmpty() ? captured : words);
    }

    /** Says something quietly. */
    void notify(String sentence) {
        notice.set("");
        notice.set(sentence);
    }

    private static String words(Capture capture, String response) {
        CaptureInfo info = capture.info();
        List<String> parts = new ArrayList<>();
        int tokens = capture.tokens().size();
        parts.add(NumberText.count(tokens) + (tokens == 1 ? " token" : " tokens"));
        if (!response.isEmpty()) {
            parts.add(response);
        } else if (info.seconds() > 0) {
            parts.add("captured in " + time(info.seconds()));
        }
        if (!info.provider().isEmpty()) {
            parts.add(info.provider());
        }
        return String.join(" \u00b7 ", parts);
    }

    private static String time(double seconds) {
        return seconds < 1
                ? String.format(Locale.ROOT, "%.3g ms", seconds * 1000)
                : String.format(Locale.ROOT, "%.3g s", seconds);
    }
}
