package org.headlight.engine.model;

import org.headlight.engine.capture.Capture;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.device.AttentionPlace;
import org.headlight.engine.device.DeviceChoice;
import org.headlight.engine.generate.Generation;
import org.headlight.engine.generate.GenerationListener;
import org.headlight.engine.generate.GenerationOptions;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;
import org.headlight.engine.token.Tokenizer;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An opened model, ready to run. Nothing is ever written beside its files. */
public interface Model extends AutoCloseable {

    ModelInfo info();

    /** The device that was asked for, and the one that the model runs on. */
    default DeviceChoice device() {
        return DeviceChoice.cpu();
    }

    /**
     * What computes attention between its pieces. On a device it is tried when the pieces are made;
     * until then it is what is expected of the libraries that were found.
     */
    default AttentionPlace attention() {
        return AttentionPlace.cpu();
    }

    /** Its tokenizer; empty when the folder has none: then token ids are the input. */
    Optional<Tokenizer> tokenizer();

    /**
     * The inputs that tokens cannot give, by name, such as "encoder_hidden_states"; empty when a
     * text runs the model.
     */
    default List<String> needs() {
        return List.of();
    }

    /** What a run over so many tokens would need. */
    MemoryNeed need(int tokens);

    /**
     * Runs the model over the tokens and captures every attention site.
     *
     * @throws org.headlight.engine.problem.BadInputException when a token is outside the
     *     vocabulary, or the model needs an input that tokens cannot give
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit; nothing has run
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    Capture capture(List<Token> tokens, Progress progress);

    /**
     * Waits until our own kernels run as fast as they ever will: worth it before runs whose times
     * are compared.
     */
    default void settle(Progress progress) {}

    /**
     * Runs the model in pieces: what lies between its attention sites by the runtime, attention by
     * our own kernels, and by the hooks of the heads that are changed. The pieces are made at the
     * first call.
     *
     * @param hooks the heads that are changed, and how
     * @param wanted what is kept of the run
     * @return logits and capture; whoever calls this closes the capture
     * @throws org.headlight.engine.problem.BadInputException when the model cannot be cut, or a
     *     token is outside the vocabulary
     * @throws org.headlight.engine.problem.TooLargeException when it would not fit; nothing has run
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    default CutOutcome run(
            List<Token> tokens, SeamHooks hooks, CutOutcome.Wanted wanted, Progress progress) {
        throw new BadInputException(info().name() + " does not run in pieces.");
    }

    /** The ids that end a text; empty when none is known. */
    default Set<Integer> endTokens() {
        return Set.of();
    }

    /** Why the model cannot write text, as one sentence; empty when it can. */
    default Optional<String> cannotGenerate() {
        return Optional.of(
                info().name() + " cannot write text: it only reads; open a decoder as a model.");
    }

    /**
     * Lets the model write on after a prompt, and captures every attention site over prompt and
     * response. Cancelling keeps what is there, from the first token on.
     *
     * @param prompt at least one token
     * @param listener hears each token as it comes
     * @return the response; whoever calls this closes it
     * @throws org.headlight.engine.problem.BadInputException when the model cannot write text, a
     *     token is outside the vocabulary, or the prompt takes all positions
     * @throws org.headlight.engine.problem.TooLargeException when prompt and response would not
     *     fit; nothing has run
     * @throws org.headlight.engine.problem.CancelledException when the progress says so before the
     *     first token
     */
    default Generation generate(
            List<Token> prompt,
            GenerationOptions options,
            GenerationListener listener,
            Progress progress) {
        throw new BadInputException(cannotGenerate().orElseThrow());
    }

    /**
     * Compares the instrumented graph with the file as the user has it, on a few tokens.
     *
     * @param tokens how many tokens to use; where the model does not run on so many, those of the
     *     opening probe
     * @throws org.headlight.engine.problem.BadInputException when it does not run on them either
     */
    ModelCheck check(int tokens);

    @Override
    void close();
}
