package org.headlight.analysis.retrieval;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps trials as they finish, so that cancelled work goes on where it was. A key stands for
 * everything that a trial depends on: the model, the tokens, the settings, the mask.
 */
public interface TrialStore {

    /** A trial that was kept. */
    Optional<Trial> trial(String key);

    /** A masked trial that was kept. */
    Optional<MaskedTrial> masked(String key);

    /**
     * Keeps a trial.
     *
     * @throws org.headlight.engine.problem.BadInputException when it cannot
     */
    void keep(String key, Trial trial);

    /**
     * Keeps a masked trial.
     *
     * @throws org.headlight.engine.problem.BadInputException when it cannot
     */
    void keep(String key, MaskedTrial trial);

    /** Keeps them for as long as the program runs. */
    static TrialStore inMemory() {
        Map<String, Judged> kept = new HashMap<>();
        return new TrialStore() {
            @Override
            public synchronized Optional<Trial> trial(String key) {
                return kept.get(key) instanceof Trial trial ? Optional.of(trial) : Optional.empty();
            }

            @Override
            public synchronized Optional<MaskedTrial> masked(String key) {
                return kept.get(key) instanceof MaskedTrial trial
                        ? Optional.of(trial)
                        : Optional.empty();
            }

            @Override
            public synchronized void keep(String key, Trial trial) {
                kept.put(key, trial);
            }

            @Override
            public synchronized void keep(String key, MaskedTrial trial) {
                kept.put(key, trial);
            }
        };
    }
}
