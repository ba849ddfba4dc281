package org.headlight.analysis.sinks;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs a model over many prompts of one length, and sums up which heads have a sink in them. */
public final class PromptSurvey {
    private final Model model;
    private final SweepOptions sweep;

    public PromptSurvey(Model model, SweepOptions sweep) {
        this.model = model;
        this.sweep = sweep;
    }

    /**
     * Runs prompt after prompt.
     *
     * @param rate where they are added, so that what was done before a cancellation is there;
     *     prompts are as long as it says
     * @throws BadInputException when the model has no tokenizer, or no text is long enough
     */
    public void run(
            PromptTexts texts, PromptSettings settings, PromptRate rate, Progress progress) {
        Tokenizer tokenizer =
                model.tokenizer()
                        .orElseThrow(() ->
                                new BadInputException(
                                        model.info().name()
                                                + " has no tokenizer.json beside it, so prompts"
                                                + " cannot be turned into tokens; put the file"
                                                + " there."));
        for (String text : texts.texts()) {
            if (seen(rate) >= settings.most()) {
                break;
            }
            progress.check();
            List<List<Token>> prompts = prompts(tokenizer.encode(text), settings);
            if (prompts.isEmpty()) {
                rate.skip();
            }
            int expected =
                    settings.pieces() && texts.texts().size() > 1
                            ? settings.most()
                            : Math.min(
                                    settings.most(),
                                    Math.max(prompts.size(), texts.texts().size()));
            for (List<Token> prompt : prompts) {
                if (seen(rate) >= settings.most()) {
                    break;
                }
                progress.check();
                one(prompt, rate);
                progress.at(
                        Math.min(1, (double) seen(rate) / expected),
                        String.format(Locale.ROOT, "Prompt %,d of %,d", seen(rate), expected));
            }
        }
        rate.rate();
    }

    private static int seen(PromptRate rate) {
        return rate.used() + rate.tooShort();
    }

    private void one(List<Token> prompt, PromptRate rate) {
        try (Capture capture = model.capture(prompt, Progress.NONE)) {
            rate.add(SinkSurvey.of(capture, sweep, Progress.NONE));
        }
    }

    /**
     * The prompts that a text has room for. Each piece begins with the special tokens with which
     * the whole text does, since models meet their texts so.
     */
    static List<List<Token>> prompts(List<Token> tokens, PromptSettings settings) {
        int length = settings.length();
        if (!settings.pieces()) {
            return tokens.size() < length ? List.of() : List.of(tokens.subList(0, length));
        }
        int from = 0;
        while (from < tokens.size() && tokens.get(from).special()) {
            from++;
        }
        int end = tokens.size();
        while (end > from && tokens.get(end - 1).special()) {
            end--;
        }
        List<Token> first = tokens.subList(0, from);
        int room = length - from;
        List<List<Token>> prompts = new ArrayList<>();
        for (int at = from; room > 0 && at + room <= end; at += room) {
            List<Token> prompt = new ArrayList<>(first);
            for (Token token : tokens.subList(at, at + room)) {
                prompt.add(new Token(prompt.size(), token.id(), token.text(), token.special()));
            }
            prompts.add(List.copyOf(prompt));
        }
        return prompts;
    }
}
