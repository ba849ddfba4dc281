package org.headlight.app.command;

/** The version of the program, as its files and figures tell it. */
public final class ProductVersion {
    private ProductVersion() {}

    /** Such as "0.1.0"; "development" when it does not run from its jar. */
    public static String number() {
        String version = ProductVersion.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** What figures are made with, such as "Headlight 0.1.0". */
    public static String software() {
        return "Headlight " + number();
    }
}
