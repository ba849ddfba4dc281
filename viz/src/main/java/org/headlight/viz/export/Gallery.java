package org.headlight.viz.export;

import org.headlight.viz.raster.AttentionMap;

import java.util.List;
import java.util.function.BiFunction;

/**
 * What a gallery shows.
 *
 * @param title heading of the page, such as the model's name
 * @param text the input, or its beginning, as people wrote it; may be empty
 * @param sites the layers in order
 * @param maps the map of a head, by index of the site and of the head; asked more than once
 * @param look how the maps are drawn; its scale is used for all of them
 * @param source where they come from
 */
public record Gallery(
        String title,
        String text,
        List<Site> sites,
        BiFunction<Integer, Integer, AttentionMap> maps,
        FigureLook look,
        Provenance source) {
    public Gallery {
        sites = List.copyOf(sites);
        if (sites.isEmpty()) {
            throw new IllegalArgumentException("a gallery needs a layer");
        }
    }

    /**
     * One layer.
     *
     * @param name such as "layer 0"
     * @param heads names of the heads, such as L0H3
     * @param notes one per head, such as "sink 0.81"; empty for none
     */
    public record Site(String name, List<String> heads, List<String> notes) {
        public Site {
            heads = List.copyOf(heads);
            notes = List.copyOf(notes);
            if (!notes.isEmpty() && notes.size() != heads.size()) {
                throw new IllegalArgumentException("one note a head, or none");
            }
        }

        String note(int head) {
            return notes.isEmpty() ? "" : notes.get(head);
        }
    }
}
