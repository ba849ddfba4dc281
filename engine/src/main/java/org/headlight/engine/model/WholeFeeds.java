package org.headlight.engine.model;

import ai.onnxruntime.OrtException;

import org.headlight.engine.problem.BadInputException;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Feeds a graph for a run in one piece: what the caller gives, and what tokens give. */
final class WholeFeeds {
    private WholeFeeds() {}

    /** The inputs that tokens cannot give, besides those that the caller gives. */
    static List<GraphInput> missing(RuntimeSession session, Collection<String> given) {
        return session.inputs().stream()
                .filter(input -> input.role() == GraphInput.Role.OTHER)
                .filter(input -> !given.contains(input.name()))
                .toList();
    }

    /**
     * Makes the feeds.
     *
     * @param given by input name
     * @param ids the tokens; empty when the graph has no input for them
     * @throws BadInputException when an input is missing, or there is none of a given name
     */
    static Feeds of(RuntimeSession session, Map<String, InputTensor> given, int[] ids) {
        for (String name : given.keySet()) {
            if (session.inputs().stream().noneMatch(input -> input.name().equals(name))) {
                throw new BadInputException(
                        session.owner()
                                + " has no input "
                                + name
                                + "; it has "
                                + names(session.inputs())
                                + ".");
            }
        }
        List<GraphInput> missing = missing(session, given.keySet());
        if (!missing.isEmpty()) {
            throw new BadInputException(
                    session.owner()
                            + " needs "
                            + missing.stream()
                                    .map(input ->
                                            input.name()
                                                    + " ("
                                                    + input.typeName()
                                                    + " "
                                                    + input.shapeText()
                                                    + ")")
                                    .collect(Collectors.joining(" and "))
                            + ", which tokens cannot give; open a model that reads text.");
        }
        Feeds feeds = new Feeds(session.environment(), session.owner());
        boolean done = false;
        try {
            for (GraphInput input : session.inputs()) {
                InputTensor tensor = given.get(input.name());
                String shared = session.sharedBuffers().get(input.name());
                if (tensor != null) {
                    feeds.put(input, tensor);
                } else if (shared != null) {
                    feeds.share(input, ids.length, shared);
                } else {
                    feeds.put(input, 0, ids);
                }
            }
            done = true;
            return feeds;
        } catch (OrtException e) {
            throw new RunFailure(String.valueOf(e.getMessage()), e);
        } finally {
            if (!done) {
                feeds.close();
            }
        }
    }

    private static String names(List<GraphInput> inputs) {
        return inputs.stream().map(GraphInput::name).collect(Collectors.joining(", "));
    }
}
