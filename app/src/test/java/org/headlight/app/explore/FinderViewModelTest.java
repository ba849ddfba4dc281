package org.headlight.app.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.task.DirectTaskRunner;
import org.headlight.viz.control.map.Cell;
import org.headlight.viz.raster.MapBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FinderViewModelTest {
    private final ExploreViewModel explore =
            new ExploreViewModel(new DirectTaskRunner(), new SweepMaps(MapBuilder.standard()));
    private final FinderViewModel finder = new FinderViewModel(explore);

    @BeforeEach
    void show() {
        explore.show(new FormulaCapture(1, 1, FormulaCapture.words("the cat The dog bathe end")));
    }

    private void assertFound(int row, int col, String answer) {
        assertThat(finder.answerProperty().get()).isEqualTo(answer);
        assertThat(finder.targetProperty().get()).isEqualTo(new Cell(row, col));
    }

    @Test
    void findingGoesRoundInBothDirectionsWhateverTheCase() {
        finder.find("THE", 1, false, new Cell(5, 0));
        assertFound(0, 0, "1 of 3, as query");
        finder.find("THE", 1, false, new Cell(0, 0));
        assertFound(2, 0, "2 of 3, as query");
        finder.find("THE", -1, false, new Cell(2, 0));
        finder.find("THE", -1, false, new Cell(0, 0));
        assertFound(4, 0, "3 of 3, as query");
        finder.find("THE", 1, false, null);
        assertFound(0, 0, "1 of 3, as query");
    }

    @Test
    void aKeyIsFoundWithTheQueryKept() {
        finder.find("dog", 1, true, new Cell(5, 1));
        assertFound(5, 3, "1 of 1, as key");
    }

    @Test
    void whatIsNotThereIsSaidAndNothingMoves() {
        finder.find("cat", 1, false, null);
        finder.find("zebra", 1, false, null);
        assertFound(1, 1, "No token contains \"zebra\".");
    }

    @Test
    void positionsGoToTheirCell() {
        finder.goTo(" 4 ", new Cell(1, 0));
        assertFound(4, 0, "");
        finder.goTo("5, 3", null);
        assertFound(5, 3, "");
        finder.goTo("0", null);
        assertFound(0, 0, "");
    }

    @Test
    void wrongPositionsGetOneSentenceAndNothingMoves() {
        finder.goTo("1,1", null);
        finder.goTo("6", null);
        assertFound(1, 1, "Queries end at 5, keys at 5.");
        finder.goTo("2, 6", null);
        assertFound(1, 1, "Queries end at 5, keys at 5.");
        for (String wrong : new String[] {"-1", "x", "1,2,3", "1.5"}) {
            finder.goTo(wrong, null);
            assertFound(1, 1, "Type a query position, or a query and a key: 512, 3");
        }
    }
}
