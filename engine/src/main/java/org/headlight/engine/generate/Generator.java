package org.headlight.engine.generate;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.CancelledException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.TokenIds;
import org.headlight.engine.token.Tokenizer;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Writes a response, token by token, with a model that is in the middle of a text. */
public final class Generator {
    private static final int CANDIDATES = 5;

    private final String owner;
    private final @Nullable Tokenizer tokenizer;
    private final Set<Integer> endTokens;

    /**
     * @param owner the model, for messages
     * @param tokenizer null when the model has none: then there is no text
     * @param endTokens the ids that end a text
     */
    public Generator(String owner, @Nullable Tokenizer tokenizer, Set<Integer> endTokens) {
        this.owner = owner;
        this.tokenizer = tokenizer;
        this.endTokens = Set.copyOf(endTokens);
    }

    /**
     * Writes a response. Cancelling keeps what is there, and so does a step that fails; before the
     * first token there is nothing to keep.
     *
     * @param decoding the model, which has read nothing yet
     * @param prompt at least one token
     * @param positions the most tokens of prompt and response; more than the prompt has
     * @throws CancelledException when the progress says so before the first token
     * @throws BadInputException when the model gives logits that are no numbers at the first token
     * @throws StepFailure when the model cannot be run as far as the first token
     */
    public Generation generate(
            Decoding decoding,
            List<Token> prompt,
            int positions,
            GenerationOptions options,
            GenerationListener listener,
            Progress progress) {
        long start = System.nanoTime();
        int before = prompt.size() - 1;
        progress.at(0, "Reading the prompt");
        decoding.read(prompt.subList(0, before).stream().mapToInt(Token::id).toArray(), progress);
        long stepsStart = System.nanoTime();
        Response response = new Response(prompt, positions, options);
        StopReason stop = response.write(decoding, listener, progress);
        response.finish(listener);
        long end = System.nanoTime();
        Capture capture = response.end(decoding);
        progress.at(1, "Done");
        return new Generation(
                capture,
                prompt.size(),
                response.tokens,
                response.problem == null ? stop : StopReason.FAILED,
                (stepsStart - start) / 1e9,
                (end - stepsStart) / 1e9,
                Optional.ofNullable(response.problem));
    }

    /** The response so far. */
    private final class Response {
        private final List<Token> all;
        private final List<GeneratedToken> tokens = new ArrayList<>();
        private final int promptTokens;
        private final int positions;
        private final GenerationOptions options;
        private final Sampler sampler;
        private final @Nullable TextStream text;
        private @Nullable String problem;

        Response(List<Token> prompt, int positions, GenerationOptions options) {
            this.all = new ArrayList<>(prompt);
            this.promptTokens = prompt.size();
            this.positions = positions;
            this.options = options;
            this.sampler = new Sampler(options.sampling());
            this.text = tokenizer == null ? null : new TextStream(tokenizer, prompt);
        }

        Token last() {
            return all.getLast();
        }

        double fraction() {
            return (double) tokens.size() / options.maxTokens();
        }

        String stage() {
            return String.format(
                    Locale.ROOT,
                    "Writing token %,d of %,d",
                    tokens.size() + 1,
                    options.maxTokens());
        }

        /** Writes until something ends it; says what. */
        StopReason write(Decoding decoding, GenerationListener listener, Progress progress) {
            StopReason stop = null;
            while (stop == null) {
                try {
                    progress.at(fraction(), stage());
                    stop = add(decoding.step(last().id(), progress), listener);
                } catch (CancelledException e) {
                    keep(e);
                    stop = StopReason.CANCELLED;
                } catch (StepFailure | BadInputException e) {
                    keep(e);
                    broken(e);
                    stop = StopReason.FAILED;
                }
            }
            return stop;
        }

        /** Goes on after what was thrown, if there is something to keep. */
        private void keep(RuntimeException thrown) {
            if (tokens.isEmpty()) {
                throw thrown;
            }
        }

        private void broken(RuntimeException why) {
            String words = String.valueOf(why.getMessage());
            problem =
                    why instanceof StepFailure
                            ? String.format(
                                    Locale.ROOT,
                                    "%s wrote no further than %,d %s: %s; what it wrote is kept.",
                                    owner,
                                    tokens.size(),
                                    tokens.size() == 1 ? "token" : "tokens",
                                    words)
                            : words;
        }

        /** Reads the last token if it can be read, and gives the attention of what was read. */
        Capture end(Decoding decoding) {
            if (problem == null) {
                try {
                    return decoding.end(last().id(), List.copyOf(all), promptTokens, Progress.NONE);
                } catch (StepFailure e) {
                    broken(e);
                }
            }
            List<Token> read = List.copyOf(all.subList(0, all.size() - 1));
            int from = read.size() > promptTokens ? promptTokens : 0;
            return decoding.endBefore(read, from, Progress.NONE);
        }

        /** Chooses the next token; why the response ends with it, or null. */
        @Nullable StopReason add(float[] values, GenerationListener listener) {
            int position = all.size();
            Logits logits = new Logits(values, owner, position - 1);
            Choice choice = sampler.next(logits);
            Token token = describe(choice.id(), position);
            List<Candidate> candidates =
                    logits.top(CANDIDATES).stream()
                            .map(c -> new Candidate(describe(c.id(), position), c.logProbability()))
                            .toList();
            String added = text == null ? "" : text.add(choice.id());
            all.add(token);
            StopReason stop = stop(choice.id());
            GeneratedToken generated =
                    new GeneratedToken(token, added, choice.logProbability(), candidates);
            tokens.add(generated);
            listener.token(generated);
            return stop;
        }

        private @Nullable StopReason stop(int id) {
            if (!options.ignoreEnd() && endTokens.contains(id)) {
                return StopReason.END_OF_TEXT;
            }
            if (all.size() - promptTokens == options.maxTokens()) {
                return StopReason.MAX_TOKENS;
            }
            return all.size() >= positions ? StopReason.POSITIONS : null;
        }

        /** Gives the last token what was kept back of the text. */
        void finish(GenerationListener listener) {
            String rest = text == null ? "" : text.end();
            if (!rest.isEmpty()) {
                GeneratedToken last = tokens.removeLast();
                tokens.add(
                        new GeneratedToken(
                                last.token(),
                                last.text() + rest,
                                last.logProbability(),
                                last.candidates()));
                listener.rest(rest);
            }
        }
    }

    private Token describe(int id, int position) {
        String text = "#" + id;
        boolean special = false;
        if (tokenizer != null) {
            try {
                Token known = tokenizer.describe(new int[] {id}).getFirst();
                text = known.text();
                special = known.special();
            } catch (BadInputException e) {
                // Models have more rows than their tokenizer has tokens, to fill up a block.
                text = new TokenIds(owner, 0).describe(new int[] {id}).getFirst().text();
            }
        }
        return new Token(position, id, text, special);
    }
}
