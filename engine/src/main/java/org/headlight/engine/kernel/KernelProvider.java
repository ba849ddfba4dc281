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

    /** The plain Java kernels. */
    public static AttentionKernels scalar() {
        return new ScalarKernels();
    }

    /**
     * The kernels to use: plain ones until the fastest of this machine are compiled, then those.
     * Share one object.
     */
    public static AttentionKernels best() {
        AttentionKernels goal = lookup().kernels();
        return goal instanceof ScalarKernels ? goal : new AdaptiveKernels(scalar(), goal);
    }

    /** The fastest kernels of this machine, slow until compiled, with the reason for the choice. */
    public static Choice lookup() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            return new Choice(
                    scalar(),
                    "The module "
                            + MODULE
                            + " is not loaded; start Java with --add-modules "
                            + MODULE
                            + ".");
        }
        String mode = System.getProperty("java.vm.info", "").toLowerCase(Locale.ROOT);
        if (mode.contains("interpreted")) {
            return new Choice(scalar(), "The virtual machine only interprets (" + mode + ").");
        }
        return VectorChoice.choose();
    }
}
