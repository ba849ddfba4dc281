package org.headlight.assets;

/** The fonts that Headlight ships (SIL Open Font License 1.1). */
public enum FontFace {
    SANS("Inter-Regular.otf"),
    SANS_MEDIUM("Inter-Medium.otf"),
    SANS_SEMIBOLD("Inter-SemiBold.otf"),
    MONO("JetBrainsMono-Regular.ttf"),
    MONO_BOLD("JetBrainsMono-Bold.ttf");

    private final String file;

    FontFace(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }
}
