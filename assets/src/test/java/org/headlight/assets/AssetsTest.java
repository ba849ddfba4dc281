package org.headlight.assets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;

class AssetsTest {
    private final Assets assets = new Assets();

    @Test
    void theSixTextsShowSomethingAndNameTheirSource() {
        assertThat(assets.texts())
                .extracting(SampleText::name)
                .containsExactly("needle", "repetition", "lookup", "poem", "code", "dialogue");
        assertThat(assets.texts())
                .allSatisfy(text -> {
                    assertThat(text.text()).hasSizeBetween(200, 2000);
                    assertThat(text.shows()).endsWith(".");
                    assertThat(text.source()).containsAnyOf("ours", "public domain");
                });
    }

    @Test
    void theNeedleStandsInTheTextAndAgainInTheAnswer() {
        assertThat(assets.text("needle").text().split("4821", -1)).hasSize(3);
    }

    @Test
    void everyNeedleHasItsAnswerInItAndAPromptToAskIn() {
        for (String set : List.of("demo", "english")) {
            assertThat(assets.needles(set))
                    .hasSize(3)
                    .allSatisfy(needle -> {
                        assertThat(needle.text()).contains(needle.answer()).endsWith(".");
                        assertThat(needle.question()).endsWith("?");
                        assertThat(needle.prompt()).contains("{context}\n", "{question}");
                    });
        }
        assertThat(assets.needles("french")).isEmpty();
    }

    @Test
    void theHaystackIsPlainProseThatHidesNoNeedle() {
        SampleText haystack = assets.haystack();
        assertThat(haystack.text()).hasSizeBetween(40_000, 60_000).matches("[ -~\n]*");
        assertThat(haystack.source()).contains("public domain");
        for (String set : List.of("demo", "english")) {
            assertThat(assets.needles(set))
                    .allSatisfy(n -> assertThat(haystack.text()).doesNotContain(n.answer()));
        }
    }

    @Test
    void anUnknownTextIsRefusedByName() {
        assertThatThrownBy(() -> assets.text("novel")).hasMessage("no sample text novel");
    }

    @Test
    void theDemoModelFolderHoldsTheModelAndItsCard() throws IOException {
        Path folder = assets.demoModelFolder();
        assertThat(Files.size(folder.resolve("model.onnx"))).isEqualTo(8_185_807);
        assertThat(folder.resolve("README.md")).content().startsWith("# headlight-demo");
    }

    @Test
    void aCopyOfTheDemoModelIsMadeOnceAndMendedWhenItIsNotWhole(@TempDir Path cache)
            throws IOException {
        DemoModel demo = new DemoModel(Assets.class);
        Path copy = demo.unpacked(cache);
        assertThat(copy.resolve("tokenizer.json"))
                .hasSameBinaryContentAs(assets.demoModelFolder().resolve("tokenizer.json"));
        Files.writeString(copy.resolve("tokenizer.json"), "{");

        assertThat(demo.unpacked(cache)).isEqualTo(copy);

        assertThat(copy.resolve("tokenizer.json"))
                .hasSameBinaryContentAs(assets.demoModelFolder().resolve("tokenizer.json"));
        try (var folders = Files.list(cache)) {
            assertThat(folders).containsExactly(copy);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyFontIsAFont(FontFace face) throws IOException {
        try (InputStream in = assets.font(face)) {
            assertThat(new String(in.readNBytes(4), java.nio.charset.StandardCharsets.ISO_8859_1))
                    .isIn("OTTO", "\0\1\0\0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Linux,      /home/a/.cache/headlight",
        "Mac OS X,   /home/a/Library/Caches/headlight",
        "Windows 11, /home/a/AppData/Local/headlight/cache"
    })
    void theCacheLiesWhereTheOperatingSystemWantsIt(String os, String expected) {
        Properties properties = new Properties();
        properties.setProperty("user.home", "/home/a");
        properties.setProperty("os.name", os);
        assertThat(new CacheFolder(properties, Map.of()).path()).isEqualTo(Path.of(expected));
    }
}
