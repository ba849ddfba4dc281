package org.headlight.app.export;

/** What can be written. */
public enum ExportKind {
    PNG("PNG picture", "png", "The figure with axes, title, colour bar and caption."),
    NPY("NumPy array", "npy", "Every cell exactly, float32 [rows, cols], NaN where masked."),
    CSV("CSV table", "csv", "Every cell exactly, with the tokens of its row and column.");

    private final String title;
    private final String extension;
    private final String words;

    ExportKind(String title, String extension, String words) {
        this.title = title;
        this.extension = extension;
        this.words = words;
    }

    public String title() {
        return title;
    }

    public String extension() {
        return extension;
    }

    /** What is written, for people. */
    public String words() {
        return words;
    }
}
