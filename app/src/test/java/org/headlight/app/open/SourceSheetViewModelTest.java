package org.headlight.app.open;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.app.open.SourceSheetViewModel.Fact;
import org.headlight.app.open.SourceSheetViewModel.SiteLine;
import org.headlight.app.task.DirectTaskRunner;
import org.headlight.assets.Assets;
import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.attention.UnsupportedSite;
import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.MemoryNeed;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelCheck;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.model.ModelOptions;
import org.headlight.engine.model.OnnxModels;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.source.Source;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class SourceSheetViewModelTest {
    private static final UnsupportedSite ODD = new UnsupportedSite("/l1/Softmax", "It is odd.");

    /** A model of one site that is understood and one that is not. */
    private record Half(Optional<ModelCheck> result) implements Model {
        @Override
        public ModelInfo info() {
            ModelInfo.Site site =
                    new ModelInfo.Site(0, SiteKind.SELF, "sdpa", "/l0/Softmax", 8, 2, 33, true);
            return new ModelInfo(
                    "half",
                    Path.of("half", "model.onnx"),
                    "0123456789ab",
                    List.of(site),
                    List.of(ODD),
                    List.of(),
                    true,
                    50_000,
                    4_096,
                    "CPU, 2 threads");
        }

        @Override
        public Optional<Tokenizer> tokenizer() {
            return Optional.empty();
        }

        @Override
        public List<String> needs() {
            return List.of("encoder_hidden_states");
        }

        @Override
        public MemoryNeed need(int tokens) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Capture capture(List<Token> tokens, Progress progress) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ModelCheck check(int tokens) {
            return result.orElseThrow(
                    () -> new BadInputException("half runs on none of the inputs made up for it."));
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }

    private static SourceSheetViewModel sheet(Model model) {
        return new SourceSheetViewModel(
                new DirectTaskRunner(), new Opened(Path.of("half"), new Source.ModelSource(model)));
    }

    @Test
    void saysWhatIsKnownOfAModel() {
        SourceSheetViewModel sheet = sheet(new Half(Optional.empty()));
        assertThat(sheet.title()).isEqualTo("half");
        assertThat(sheet.facts())
                .containsExactly(
                        new Fact("file", Path.of("half", "model.onnx").toString()),
                        new Fact("hash", "0123456789ab"),
                        new Fact("runs on", "CPU, 2 threads"),
                        new Fact("tokens", "no tokenizer; ids are the input"),
                        new Fact("vocabulary", "50\u2009000"),
                        new Fact("made for", "4\u2009096 positions"),
                        new Fact("KV cache", "yes"),
                        new Fact("needs", "encoder_hidden_states"));
        assertThat(sheet.sites())
                .containsExactly(new SiteLine(0, "self", "sdpa", 8, 2, 33, true, "/l0/Softmax"));
        assertThat(sheet.unsupported()).containsExactly(ODD);
    }

    @Test
    void saysHowFarTheCaptureIsFromTheModel() {
        SourceSheetViewModel sheet =
                sheet(new Half(Optional.of(new ModelCheck(16, 0, 7.85e-7, "whole"))));
        assertThat(sheet.checkProperty().get()).isEmpty();
        sheet.startCheck();
        assertThat(sheet.checkProperty().get())
                .isEqualTo(
                        "Checked on 16 tokens, run in one piece: outputs differ from the file's own"
                                + " by 0, attention weights by 7.9e-07 at most.");
    }

    @Test
    void saysWhyAModelCannotBeChecked() {
        SourceSheetViewModel sheet = sheet(new Half(Optional.empty()));
        sheet.startCheck();
        assertThat(sheet.checkProperty().get())
                .isEqualTo("Not checked: half runs on none of the inputs made up for it.");
    }

    @Test
    void theEmbeddedExampleIsAllUnderstoodAndRight() {
        try (Model model =
                OnnxModels.open(
                        new Assets().demoModelFolder(), ModelOptions.defaults(), Progress.NONE)) {
            SourceSheetViewModel sheet = sheet(model);
            sheet.startCheck();
            assertThat(sheet.sites()).extracting(SiteLine::layer).containsExactly(0, 1, 2, 3);
            assertThat(sheet.sites()).extracting(SiteLine::heads).containsOnly(6);
            assertThat(sheet.unsupported()).isEmpty();
            assertThat(sheet.checkProperty().get())
                    .startsWith("Checked on 16 tokens")
                    .containsPattern("attention weights by \\d\\.\\de-0[678] at most\\.");
        }
    }
}
