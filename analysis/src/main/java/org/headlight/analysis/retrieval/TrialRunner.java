package org.headlight.analysis.retrieval;

import org.headlight.engine.generate.GeneratedToken;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.generate.StopReason;
import org.headlight.engine.model.Model;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Tokenizer;

/** Asks a model for a needle, and reads off which heads copied the answer. */
final class TrialRunner {
    private static final String NEWLINE = "newline";

    /** Share of a trial's work after which the response is there. */
    private static final double WRITING = 0.8;

    private final Model model;
    private final Tokenizer tokenizer;
    private final TrialSettings settings;

    TrialRunner(Model model, Tokenizer tokenizer, TrialSettings settings) {
        this.model = model;
        this.tokenizer = tokenizer;
        this.settings = settings;
    }

    /**
     * Makes a trial: greedy decoding until the first newline or the end of text, or as many tokens
     * as the settings say.
     *
     * @throws CancelledException when the progress says so; what was written is lost then
     */
    Trial run(TrialCase which, NeedlePrompt prompt, Progress progress) {
        try (Generation done = generate(prompt, progress.part(0, WRITING))) {
            return new Trial(
                    which.needle().name(),
                    which.length(),
                    which.depth(),
                    prompt.tokens().size(),
                    prompt.needleStart(),
                    prompt.needleEnd(),
                    prompt.needleIds().size(),
                    done.ids(),
                    done.text(),
                    done.stop() == StopReason.CANCELLED ? NEWLINE : done.stop().key(),
                    Rouge1.recall(which.needle().answer(), done.text()),
                    CopyReader.heads(done.capture()),
                    new CopyReader(settings.topK())
                            .copies(
                                    done.capture(),
                                    prompt.needleStart(),
                                    prompt.needleEnd(),
                                    progress.part(WRITING, 1)));
        }
    }

    /** Writes the response of a trial again, with its capture; the caller closes it. */
    Generation generate(NeedlePrompt prompt, Progress progress) {
        UntilNewline until = new UntilNewline(tokenizer, progress);
        Generation done =
                model.generate(
                        prompt.tokens(),
                        GenerationOptions.greedy(settings.maxTokens()),
                        until,
                        until);
        if (progress.cancelled()) {
            done.close();
            throw new CancelledException();
        }
        return done;
    }

    /** Whether a token has a newline in it, which ends a response. */
    static boolean newline(Tokenizer tokenizer, int id) {
        return tokenizer.decode(new int[] {id}).indexOf('\n') >= 0;
    }

    /** Stops the writing, which then keeps what is there, after the first newline. */
    private static final class UntilNewline implements GenerationListener, Progress {
        private final Tokenizer tokenizer;
        private final Progress outer;
        private volatile boolean ended;

        UntilNewline(Tokenizer tokenizer, Progress outer) {
            this.tokenizer = tokenizer;
            this.outer = outer;
        }

        @Override
        public void token(GeneratedToken token) {
            ended |= newline(tokenizer, token.token().id());
        }

        @Override
        public void at(double fraction, String stage) {
            outer.at(fraction, stage);
        }

        @Override
        public boolean cancelled() {
            return ended || outer.cancelled();
        }
    }
}
