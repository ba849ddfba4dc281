package org.headlight.app.reading;

/** How a result can be written. */
public enum ResultFormat {
    PNG("PNG picture", "png"),
    CSV("CSV table", "csv"),
    JSON("JSON document", "json");

    private final String title;
    private final String extension;

    ResultFormat(String title, String extension) {
        this.title = title;
        this.extension = extension;
    }

    public String title() {
        return title;
    }

    public String extension() {
        return extension;
    }
}
