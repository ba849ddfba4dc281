package org.headlight.engine.kernel;

import java.util.Locale;

/** Chooses the kernels of this machine, and can say why. Never throws, never slow in silence. */
public final class KernelProvider {
    private static final String MODULE = "jdk.incubator.vector";

    private KernelProvider() {}

    /**
     * What was chosen.
     *
     * @param kernels the kernels
     * @param reason one sentence for people: why these
     */
    public record Choice(AttentionKernels kernels, String reason) {}

    /**
     * What was chosen for whole attention.
     *
     * @param kernels the kernels
     * @param reason one sentence for people: why these
     */
    public record FlashChoice(FlashKernels kernels, String reason) {}

    /** The plain Java kernels. */
    public static AttentionKernels scalar() {
        return new ScalarKernels();
    }

    /** The plain Java kernels of whole attention. */
    public static FlashKernels flashScalar() {
        return new FlashScalarKernels();
    }

    /**
     * The kernels to use: plain ones until the fastest of this machine are compiled, then those.
     * Share one object.
     */
    public static AttentionKernels best() {
        AttentionKernels goal = lookup().kernels();
        return goal instanceof ScalarKernels ? goal : new AdaptiveKernels(scalar(), goal);
    }

    /** The same for whole attention. Share one object. */
    public static FlashKernels flashBest() {
        FlashKernels goal = flashLookup().kernels();
        return goal instanceof FlashScalarKernels
                ? goal
                : new AdaptiveFlashKernels(flashScalar(), goal);
    }

    /** The fastest kernels of this machine, slow until compiled, with the reason for the choice. */
    public static Choice lookup() {
        String obstacle = obstacle();
        return obstacle.isEmpty() ? VectorChoice.choose() : new Choice(scalar(), obstacle);
    }

    /** The same for whole attention. */
    public static FlashChoice flashLookup() {
        String obstacle = obstacle();
        return obstacle.isEmpty()
                ? VectorChoice.chooseFlash()
                : new FlashChoice(flashScalar(), obstacle);
    }

    /** Why vectors cannot be used here; empty when they can. */
    private static String obstacle() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return "The module "
                    + MODULE
                    + " is not loaded; start Java with --add-modules "
                    + MODULE
                    + ".";
        }
        String mode = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
        return mode.contains("interpreted")
                ? "The virtual machine only interprets (" + mode + ")."
                : "";
    }
}
