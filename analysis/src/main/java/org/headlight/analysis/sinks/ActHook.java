package org.headlight.analysis.sinks;

import org.headlight.engine.attend.AttentionInput;
import org.headlight.engine.attend.AttentionOutput;
import org.headlight.engine.attend.HeadRows;
import org.headlight.engine.capture.QkHead;
import org.headlight.engine.cut.ColumnScale;
import org.headlight.engine.cut.HeadAddress;
import org.headlight.engine.cut.HeadAttend;
import org.headlight.engine.cut.HeadCall;
import org.headlight.engine.cut.HeadHook;
import org.headlight.engine.sweep.Sweep;
import org.headlight.engine.sweep.SweepOptions;
import org.headlight.engine.task.Progress;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Attention calibration of a head while the model runs: finds the head's sinks in the map that it
 * has in this very run (in which earlier heads may be calibrated already), turns them down, and
 * gives what they lose to the other keys in proportion, token 0 included. Serves several heads.
 */
public final class ActHook implements HeadHook {
    private final ActSettings settings;
    private final SweepOptions options;
    private final Map<HeadAddress, List<Integer>> chosen =
            new TreeMap<>(
                    Comparator.comparingInt(HeadAddress::layer)
                            .thenComparing(HeadAddress::kind)
                            .thenComparingInt(HeadAddress::head));

    public ActHook(ActSettings settings, SweepOptions options) {
        this.settings = settings;
        this.options = options.withRowStep(1);
    }

    /** The keys that were turned down, by head, in the latest run. */
    public Map<HeadAddress, List<Integer>> chosen() {
        return new LinkedHashMap<>(chosen);
    }

    @Override
    public void attend(HeadCall head, HeadAttend next, AttentionOutput output) {
        List<Integer> keys = settings.rule().chosen(received(head.input()), settings.number());
        Map<Integer, Float> factors = new TreeMap<>();
        for (int key : keys) {
            factors.put(head.keys().position(key), (float) settings.beta());
        }
        chosen.put(head.at(), List.copyOf(factors.keySet()));
        new ColumnScale(factors, ColumnScale.Rest.OTHERS).attend(head, next, output);
    }

    private ReceivedMass received(AttentionInput input) {
        QkHead map =
                new QkHead(
                        new HeadRows(input.q(), 0),
                        new HeadRows(input.k(), 0),
                        null,
                        input.scale(),
                        input.mask(0),
                        input.softCap(),
                        input.sink(0));
        ReceivedMassConsumer consumer = new ReceivedMassConsumer(map, true);
        Sweep.run(map, List.of(consumer), options, Progress.NONE);
        return consumer.result();
    }
}
