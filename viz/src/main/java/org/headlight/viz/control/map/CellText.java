package org.headlight.viz.control.map;

import org.headlight.engine.token.Token;
import org.headlight.viz.raster.CellReading;
import org.headlight.viz.raster.NumberText;
import org.headlight.viz.text.TokenLabel;

import java.util.List;

/**
 * What is said about a cell, on the card and to a screen reader.
 *
 * @param query position and token of the row
 * @param key position and token of the column
 * @param distance how far the key lies before the query, or after it
 * @param probability exact to float32, or that the query does not see the key
 * @param rank place within the row; empty when masked
 * @param sink what the row gives to the head's sink logit; empty when it has none
 * @param spoken all of it in one sentence
 */
record CellText(
        String query,
        String key,
        String distance,
        String probability,
        String rank,
        String sink,
        String spoken) {

    static CellText of(CellReading reading, List<Token> queries, List<Token> keys) {
        String query = named(reading.row(), queries);
        String key = named(reading.col(), keys);
        String probability;
        String rank;
        String spokenValue;
        if (reading.masked()) {
            probability = "not visible to this query";
            rank = "";
            spokenValue = "not visible to this query";
        } else {
            probability = exact(reading.probability());
            rank =
                    "rank "
                            + NumberText.count(reading.rank())
                            + " of "
                            + NumberText.count(reading.visible());
            spokenValue =
                    NumberText.probability(reading.probability()) + ", rank " + reading.rank();
        }
        String spoken =
                "query "
                        + spokenName(reading.row(), queries)
                        + ", key "
                        + spokenName(reading.col(), keys)
                        + ", "
                        + spokenValue;
        String sink = sink(reading);
        return new CellText(
                query,
                key,
                distance(reading.row(), reading.col()),
                probability,
                rank,
                sink,
                sink.isEmpty() ? spoken : spoken + ", " + sink);
    }

    private static String sink(CellReading reading) {
        return reading.sinkShare() > 0
                ? "sink logit: " + NumberText.probability(reading.sinkShare())
                : "";
    }

    /** The shortest decimal that is this float and no other. */
    private static String exact(float probability) {
        return probability == 0
                ? "0"
                : probability == 1 ? "1" : Float.toString(probability).replace("E", "e");
    }

    static String distance(int row, int col) {
        int back = row - col;
        if (back == 0) {
            return "the same position";
        }
        return NumberText.count(Math.abs(back)) + (back > 0 ? " back" : " ahead");
    }

    static String named(int position, List<Token> tokens) {
        String number = NumberText.count(position);
        return position < tokens.size()
                ? number + "  " + TokenLabel.of(tokens.get(position), 24).text()
                : number;
    }

    private static String spokenName(int position, List<Token> tokens) {
        return position < tokens.size()
                ? position + " '" + tokens.get(position).text().strip() + "'"
                : Integer.toString(position);
    }
}
