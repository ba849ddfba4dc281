package org.headlight.viz.export;

import org.headlight.viz.raster.NumberText;
import org.headlight.viz.raster.Pooling;
import org.headlight.viz.raster.Scale;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What a figure says about how it was made: as a line of text, and as named fields for files. */
final class Caption {
    private final FigureLook look;
    private final Provenance source;

    Caption(FigureLook look, Provenance source) {
        this.look = look;
        this.source = source;
    }

    /** {@code headlight-demo · 512 tokens}. */
    String subject() {
        return joined(List.of(source.model(), NumberText.count(source.tokens()) + " tokens"));
    }

    /** The caption under a figure. */
    String line(String what, String pooling) {
        String model =
                source.modelHash().isEmpty()
                        ? source.model()
                        : source.model() + " (SHA-256 " + source.modelHash() + ")";
        return joined(
                List.of(
                        model,
                        what,
                        NumberText.count(source.tokens()) + " tokens",
                        look.signed()
                                ? "difference of attention after softmax"
                                : "attention after softmax",
                        pooling,
                        scale(),
                        sink(),
                        source.software()));
    }

    /** Everything about the figure by name, in a fixed order, for the file's metadata. */
    Map<String, String> fields(String title, String what, String pooling) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("Title", title);
        fields.put("Software", source.software());
        fields.put("Description", line(what, pooling));
        fields.put("model", source.model());
        fields.put("model-hash", source.modelHash());
        fields.put("head", what);
        fields.put("tokens", Integer.toString(source.tokens()));
        fields.put("pooling", pooling);
        fields.put("scale", scale());
        fields.put("clip", number(look.scale().low()) + " to " + number(look.scale().high()));
        fields.put("color-map", look.signed() ? "diverging" : look.colorMap().id());
        fields.put("sink", sink());
        fields.put("command", source.command());
        fields.values().removeIf(String::isEmpty);
        return fields;
    }

    /** max or mean. */
    String rule() {
        return look.pooling() == Pooling.MAX ? "max" : "mean";
    }

    /** The name of the colour bar's axis. */
    String quantity() {
        if (look.signed()) {
            return "difference of attention probability";
        }
        return look.scale().kind() == Scale.Kind.LOG
                ? "attention probability (log scale)"
                : "attention probability";
    }

    private String scale() {
        Scale scale = look.scale();
        String kind =
                switch (scale.kind()) {
                    case LINEAR -> "linear scale ";
                    case LOG -> "logarithmic scale ";
                    case PERCENTILE -> "linear scale between percentiles, ";
                };
        return kind + number(scale.low()) + " to " + number(scale.high());
    }

    private String sink() {
        return switch (look.droppedKeys()) {
            case 0 -> "sink kept";
            case 1 -> "key 0 dropped, rows renormalised";
            default ->
                    String.format(
                            Locale.ROOT,
                            "keys 0 to %d dropped, rows renormalised",
                            look.droppedKeys() - 1);
        };
    }

    private static String number(double value) {
        return NumberText.plain(value);
    }

    private static String joined(List<String> parts) {
        return parts.stream().filter(p -> !p.isEmpty()).collect(Collectors.joining(" \u00b7 "));
    }
}
