package org.headlight.app.open;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A user who always gives the same answer, or cancels every dialog. */
public final class FixedDialogs implements FileDialogs {
    private final Optional<Path> answer;
    private final List<String> asked = new ArrayList<>();

    private FixedDialogs(Optional<Path> answer) {
        this.answer = answer;
    }

    public static FixedDialogs choosing(Path path) {
        return new FixedDialogs(Optional.of(path));
    }

    public static FixedDialogs cancelling() {
        return new FixedDialogs(Optional.empty());
    }

    /** What was asked for, in order. */
    public List<String> asked() {
        return asked;
    }

    private Optional<Path> answer(String question) {
        asked.add(question);
        return answer;
    }

    @Override
    public Optional<Path> openSource() {
        return answer("source");
    }

    @Override
    public Optional<Path> openFolder() {
        return answer("folder");
    }

    @Override
    public Optional<Path> openText() {
        return answer("text");
    }

    @Override
    public Optional<Path> save(String suggestion, String kind, String extension) {
        return answer(suggestion + ", " + kind + ", " + extension);
    }
}
