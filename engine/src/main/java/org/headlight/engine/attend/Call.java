package org.headlight.engine.attend;

import org.headlight.engine.capture.AttentionMask;
import org.headlight.engine.kernel.FlashKernels;
import org.headlight.engine.task.Progress;

/** What the threads need to know of the call at hand; between calls it holds nothing large. */
final class Call {
    private final FlashKernels kernels;
    private final AttentionInput noInput;
    private final AttentionOutput noOutput = AttentionOutput.allocate(1, 1, 1);
    private AttentionInput input;
    private Selection selection = Selection.dense();
    private AttentionOutput output = noOutput;
    private Progress progress = Progress.NONE;

    Call(FlashKernels kernels) {
        this.kernels = kernels;
        HeadArray one = noOutput.out();
        this.noInput = AttentionInput.of(one, one, one, 1, AttentionMask.full(1));
        this.input = noInput;
    }

    void begin(
            AttentionInput theInput,
            Selection theSelection,
            AttentionOutput theOutput,
            Progress theProgress) {
        input = theInput;
        selection = theSelection;
        output = theOutput;
        progress = theProgress;
    }

    void end() {
        begin(noInput, Selection.dense(), noOutput, Progress.NONE);
    }

    FlashKernels kernels() {
        return kernels;
    }

    AttentionInput input() {
        return input;
    }

    Selection selection() {
        return selection;
    }

    AttentionOutput output() {
        return output;
    }

    Progress progress() {
        return progress;
    }
}
