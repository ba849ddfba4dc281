package org.headlight.app.retrieval;

import org.headlight.analysis.retrieval.Haystack;
import org.headlight.analysis.retrieval.Needle;
import org.headlight.analysis.retrieval.RetrievalPlan;
import org.headlight.analysis.retrieval.TrialSettings;
import org.headlight.app.input.TextFile;
import org.headlight.assets.Assets;
import org.headlight.assets.SampleText;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.problem.BadInputException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The needles, the haystack and the grid that are taken where the user says nothing. */
public final class RetrievalDefaults {
    /** Needles of the kind that the embedded model was trained on. */
    public static final String DEMO = "demo";

    /** Needles in plain English. */
    public static final String ENGLISH = "english";

    /** How many lengths. */
    public static final int LENGTHS = 5;

    /** The longest length by default: so short a grid finds the strongest heads, says the paper. */
    private static final int LONGEST = 5000;

    private static final int UNKNOWN_POSITIONS = 2048;
    private static final int STEP = 50;

    private final Assets assets;

    public RetrievalDefaults(Assets assets) {
        this.assets = assets;
    }

    /**
     * Needles by the name of a built-in set, or from a file.
     *
     * @param given demo, english or a file; null for the set that suits the model
     * @throws BadInputException when the file is no file of needles
     */
    public List<Needle> needles(@Nullable String given, ModelInfo model) {
        String set = given == null ? embedded(model) ? DEMO : ENGLISH : given;
        if (set.equals(DEMO) || set.equals(ENGLISH)) {
            return assets.needles(set).stream()
                    .map(n -> new Needle(n.name(), n.text(), n.question(), n.answer(), n.prompt()))
                    .toList();
        }
        return NeedleFile.read(Path.of(set));
    }

    /** A haystack from a file, or the built-in one for null. */
    public Haystack haystack(@Nullable Path file) {
        if (file == null) {
            SampleText text = assets.haystack();
            return new Haystack(text.title(), text.text());
        }
        return new Haystack(String.valueOf(file.getFileName()), TextFile.read(file));
    }

    /** Lengths up to what the model has positions for, responses included. */
    public List<Integer> lengths(ModelInfo model, TrialSettings settings) {
        int positions = model.maxPositions() > 0 ? model.maxPositions() : UNKNOWN_POSITIONS;
        int room = Math.max(1, positions - settings.maxTokens());
        int longest = Math.min(LONGEST, room < 2 * STEP ? room : room / STEP * STEP);
        return RetrievalPlan.lengths(longest, LENGTHS);
    }

    /** The depths of the paper. */
    public List<Double> depths() {
        return RetrievalPlan.depths(RetrievalPlan.DEPTHS);
    }

    /** Where trials are kept when the user names no folder. */
    public Path folder() {
        return assets.cacheFolder().resolve("retrieval");
    }

    /** Whether a model is the embedded one, wherever it lies. */
    private boolean embedded(ModelInfo model) {
        Path own = assets.demoModelFolder().resolve("model.onnx");
        try {
            return Files.isRegularFile(model.file())
                    && Files.size(model.file()) == Files.size(own)
                    && Files.mismatch(model.file(), own) < 0;
        } catch (IOException e) {
            return false;
        }
    }
}
