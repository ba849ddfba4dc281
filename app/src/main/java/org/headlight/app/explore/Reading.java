package org.headlight.app.explore;

import org.headlight.engine.token.Token;
import org.headlight.viz.raster.CellReading;

/**
 * Everything about one cell, with its tokens.
 *
 * @param cell the cell
 * @param query the token of the row
 * @param key the token of the column
 * @param cumulative share of the row's mass in this cell and all larger ones of the row, 0 to 1
 */
public record Reading(CellReading cell, Token query, Token key, double cumulative) {

    /** How far the query looks back; negative when it looks ahead. */
    public int distance() {
        return cell.row() - cell.col();
    }
}
