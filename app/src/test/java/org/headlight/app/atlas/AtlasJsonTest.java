package org.headlight.app.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

import org.headlight.analysis.heads.HeadAtlas;
import org.headlight.analysis.heads.HeadPortrait;
import org.headlight.app.explore.FormulaCapture;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.junit.jupiter.api.Test;

class AtlasJsonTest {
    private final FormulaCapture capture = new FormulaCapture(2, 3, FormulaCapture.tokens(30));
    private final HeadAtlas atlas =
            HeadAtlas.of(capture, SweepOptions.standard(), 0.3, Progress.NONE);

    private JsonObject document(boolean named, double cut) {
        return new AtlasJson(atlas, named, cut).document("formula", capture.tokens(), null);
    }

    @Test
    void everyHeadStandsWithItsNumbers() {
        JsonObject json = document(true, 0.35);
        assertThat(json.get("source").getAsString()).isEqualTo("formula");
        assertThat(json.get("tokens").getAsInt()).isEqualTo(30);
        JsonArray heads = json.getAsJsonArray("heads");
        assertThat(heads).hasSize(6);
        for (int i = 0; i < 6; i++) {
            JsonObject head = heads.get(i).getAsJsonObject();
            HeadPortrait portrait = atlas.heads().get(i);
            assertThat(head.get("name").getAsString()).isEqualTo("L" + i / 3 + "H" + i % 3);
            assertThat(head.get("kind").getAsString()).isEqualTo(portrait.kind().label());
            assertThat(head.get("topSupport").getAsDouble()).isEqualTo(portrait.topSupport());
            assertThat(head.get("sparsity").getAsDouble()).isEqualTo(portrait.sparsity());
            assertThat(head.get("kurtosis").getAsDouble()).isEqualTo(portrait.kurtosis());
            assertThat(head.has("probe")).isFalse();
            // Every head has keys of its own, so there is nobody to disagree with.
            assertThat(head.get("groupDisagreement").isJsonNull()).isTrue();
            double mass = 0;
            for (int range = 0; range < head.getAsJsonArray("distances").size(); range++) {
                mass +=
                        head.getAsJsonArray("distances")
                                .get(range)
                                .getAsJsonObject()
                                .get("share")
                                .getAsDouble();
            }
            assertThat(mass).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void withoutIdsOfTokensRepeatsMeanNothing() {
        JsonObject head = document(false, 0.35).getAsJsonArray("heads").get(0).getAsJsonObject();
        assertThat(head.get("induction").isJsonNull()).isTrue();
        assertThat(head.get("duplicateToken").isJsonNull()).isTrue();
        assertThat(head.get("previousToken").isJsonNull()).isFalse();
        JsonObject detector = head.getAsJsonObject("detector");
        assertThat(
                        detector.getAsJsonObject("induction")
                                .getAsJsonObject("mul")
                                .get("none")
                                .isJsonNull())
                .isTrue();
        assertThat(
                        detector.getAsJsonObject("previous")
                                .getAsJsonObject("mul")
                                .get("none")
                                .isJsonNull())
                .isFalse();
    }

    @Test
    void theCutIsTheOneThatWasGiven() {
        assertThat(document(true, 0).get("clusters").getAsInt()).isEqualTo(6);
        assertThat(document(true, 1).get("clusters").getAsInt()).isEqualTo(1);
    }
}
