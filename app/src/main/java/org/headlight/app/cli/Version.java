package org.headlight.app.cli;

import org.headlight.app.command.ProductVersion;

import picocli.CommandLine.IVersionProvider;

/** The program's version and what it runs on. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {
            "headlight " + number(),
            "Java " + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
        };
    }

    static String number() {
        return ProductVersion.number();
    }
}
