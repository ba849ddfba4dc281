package org.headlight.viz.export;

import org.headlight.engine.token.Token;
import org.headlight.viz.raster.AttentionMap;

import java.util.List;

/**
 * Everything about a figure of one map.
 *
 * @param map what is drawn
 * @param head the head's name, such as L1H4
 * @param queryTokens tokens of the rows; empty when unknown
 * @param keyTokens tokens of the columns; empty when unknown
 * @param range the part of the map
 * @param look how it is drawn
 * @param source where it comes from
 */
public record FigureSpec(
        AttentionMap map,
        String head,
        List<Token> queryTokens,
        List<Token> keyTokens,
        MapRange range,
        FigureLook look,
        Provenance source) {
    public FigureSpec {
        queryTokens = List.copyOf(queryTokens);
        keyTokens = List.copyOf(keyTokens);
        range = range.checked(map);
    }
}
