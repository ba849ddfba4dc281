package org.headlight.viz.export;

/**
 * Where a figure comes from: what its caption and its metadata say.
 *
 * @param model short name of the model or dump
 * @param modelHash first digits of the model file's SHA-256; empty when unknown
 * @param tokens tokens of the input
 * @param software name and version of the program, such as "Headlight 0.1.0"
 * @param command the command line that makes the same file again; empty when there is none
 */
public record Provenance(
        String model, String modelHash, int tokens, String software, String command) {

    /** The same with another command. */
    public Provenance withCommand(String newCommand) {
        return new Provenance(model, modelHash, tokens, software, newCommand);
    }
}
