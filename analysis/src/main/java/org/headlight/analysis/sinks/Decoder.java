package org.headlight.analysis.sinks;

import org.headlight.engine.attention.SiteKind;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.SeamHooks;
import org.headlight.engine.matrix.Matrix;
import org.headlight.engine.model.CutOutcome;
import org.headlight.engine.model.Model;
import org.headlight.engine.model.ModelInfo;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.Token;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A model that foretells tokens, run in pieces with some heads changed. */
final class Decoder {
    private final Model model;

    /**
     * @throws BadInputException when the model looks ahead, or gives no logits
     */
    Decoder(Model model, String work) {
        this.model = model;
        model.cannotGenerate()
                .ifPresent(why -> {
                    throw new BadInputException(
                            work + " compares what a model foretells, and " + why);
                });
    }

    /** Every head of self-attention. */
    List<HeadAddress> heads() {
        List<HeadAddress> heads = new ArrayList<>();
        for (ModelInfo.Site site : model.info().sites()) {
            for (int head = 0; site.kind() == SiteKind.SELF && head < site.heads(); head++) {
                heads.add(HeadAddress.self(site.layer(), head));
            }
        }
        return heads;
    }

    /** The logits of every row, [N, vocabulary]. */
    Matrix logits(List<Token> tokens, SeamHooks hooks, Progress progress) {
        Matrix logits =
                model.run(tokens, hooks, CutOutcome.Wanted.LOGITS, progress)
                        .logits()
                        .filter(given -> given.rows() == tokens.size())
                        .orElseThrow(() ->
                                new BadInputException(
                                        model.info().name()
                                                + " gives no logits for each token; open a decoder"
                                                + " that was exported for text generation."));
        for (Token token : tokens) {
            if (token.id() < 0 || token.id() >= logits.cols()) {
                throw new BadInputException(
                        String.format(
                                Locale.ROOT,
                                "Token %d has id %d, but %s gives logits for %,d tokens only.",
                                token.position(),
                                token.id(),
                                model.info().name(),
                                logits.cols()));
            }
        }
        return logits;
    }

    /** The tokens with one more. */
    List<Token> with(List<Token> tokens, int id) {
        List<Token> more = new ArrayList<>(tokens);
        more.add(token(id, tokens.size()));
        return more;
    }

    /** A token of the vocabulary. */
    Token token(int id, int position) {
        Token found =
                model.tokenizer()
                        .map(tokenizer -> tokenizer.describe(new int[] {id}).getFirst())
                        .orElseGet(() -> new Token(0, id, Integer.toString(id), false));
        return new Token(position, id, found.text(), found.special());
    }

    /** The text that tokens stand for; their ids where there is no tokenizer. */
    String text(List<Token> tokens) {
        int[] ids = tokens.stream().mapToInt(Token::id).toArray();
        return model.tokenizer()
                .map(tokenizer -> tokenizer.decode(ids))
                .orElseGet(() -> String.join(" ", tokens.stream().map(Token::text).toList()));
    }
}
