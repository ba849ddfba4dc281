package org.headlight.engine.model;

import org.headlight.engine.attention.AttentionFinder;
import org.headlight.engine.attention.AttentionFindings;
import org.headlight.engine.attention.AttentionSite;
import org.headlight.engine.attention.FatalNodes;
import org.headlight.engine.attention.RotaryTables;
import org.headlight.engine.attention.UnsupportedSite;
import org.headlight.engine.device.Device;
import org.headlight.engine.device.NvidiaMachine;
import org.headlight.engine.onnx.GraphValue;
import org.headlight.engine.onnx.ModelSkeleton;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.task.Progress;
import org.headlight.engine.token.HuggingFaceTokens;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Opens models in ONNX form. */
public final class OnnxModels {
    private static final int NAMED = 3;

    /** What helps against what only a run shows. */
    private static final String ANY_SIZE = ", for one input of any length";

    private OnnxModels() {}

    /**
     * Opens a model and probes it with a few tokens: what it seems to attend to, read off its
     * graph, is held against its own attention weights, and left out where the two differ. Nothing
     * is written beside its files.
     *
     * @param fileOrFolder an .onnx file, or a folder that holds one (with tokenizer.json and
     *     config.json beside it where there are any)
     * @throws BadInputException when it is not a model that can be opened, or has no attention
     * @throws org.headlight.engine.problem.CancelledException when the progress says so
     */
    public static OnnxModel open(Path fileOrFolder, ModelOptions options, Progress progress) {
        return open(fileOrFolder, options, progress, new MachineMemory());
    }

    /** Opens a model on a machine that has so much memory free. */
    static OnnxModel open(
            Path fileOrFolder, ModelOptions options, Progress progress, FreeMemory memory) {
        ModelFiles files = ModelFiles.find(fileOrFolder);
        progress.at(0, "Reading the graph");
        progress.check();
        ModelSkeleton original = ModelSkeleton.open(files.model());
        FatalNodes.in(original)
                .ifPresent(why -> {
                    throw new BadInputException(files.model() + " is not run: " + why + ".");
                });
        ModelSkeleton graph = runnable(original);
        AttentionFindings found = AttentionFinder.find(graph);
        if (found.sites().isEmpty()) {
            throw new BadInputException(none(files.model(), found.unsupported(), ""));
        }
        ModelConfig config = ModelConfig.read(files.config());
        progress.at(0.3, "Loading the tokenizer");
        progress.check();
        Path tokenizerFile = files.tokenizer();
        HuggingFaceTokens tokenizer =
                tokenizerFile == null ? null : HuggingFaceTokens.open(tokenizerFile);
        Opening opening =
                new Opening(
                        files,
                        original,
                        graph.with(found.addition()),
                        found,
                        config,
                        tokenizer,
                        options,
                        memory);
        boolean done = false;
        try {
            OnnxModel model = opening.somewhere(progress);
            done = true;
            return model;
        } finally {
            if (!done && tokenizer != null) {
                tokenizer.close();
            }
        }
    }

    /**
     * A merged decoder runs as the branch without a cache when it also reads an encoder, whose keys
     * that branch computes; otherwise as the branch with one, so that long texts go in chunks.
     */
    private static ModelSkeleton runnable(ModelSkeleton original) {
        boolean encoder =
                original.graphInputs().stream()
                        .anyMatch(input -> input.name().startsWith("encoder_hidden"));
        return original.merged() ? original.inlined(!encoder) : original;
    }

    private static String none(Path file, List<UnsupportedSite> unsupported, String how) {
        if (unsupported.isEmpty()) {
            return file
                    + " has no attention: no softmax of a product of queries and keys was found in"
                    + " its graph; open a transformer.";
        }
        String nodes =
                unsupported.stream()
                        .limit(NAMED)
                        .map(site -> "node " + site.node() + ": " + inside(site.reason()))
                        .collect(Collectors.joining("; "));
        return file
                + " has no attention in a form that is understood ("
                + nodes
                + (unsupported.size() > NAMED
                        ? "; and " + (unsupported.size() - NAMED) + " more"
                        : "")
                + "); export it with eager attention"
                + how
                + ".";
    }

    /** A sentence without its full stop, to stand inside another one. */
    private static String inside(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    /** The parts of a model that is being opened. */
    private record Opening(
            ModelFiles files,
            ModelSkeleton original,
            ModelSkeleton graph,
            AttentionFindings found,
            ModelConfig config,
            @Nullable HuggingFaceTokens tokenizer,
            ModelOptions options,
            FreeMemory memory) {

        /** On the device of the options; on the processor where it does not open there. */
        OnnxModel somewhere(Progress progress) {
            String label = options.device().label();
            if (options.device() instanceof Device.Cpu) {
                return model(progress);
            }
            try {
                OnnxModel model = model(progress);
                if (model.ran()) {
                    return model;
                }
                model.session().close();
                return onProcessor(
                                files.model().getFileName()
                                        + " runs on none of the inputs that were made up for it on "
                                        + label
                                        + ".")
                        .model(progress);
            } catch (BadInputException e) {
                return onProcessor(
                                label + " is not used: " + inShort(String.valueOf(e.getMessage())))
                        .model(progress);
            }
        }

        /**
         * Why a model does not open on a device: what is said of its memory, or the main clause.
         */
        private String inShort(String sentence) {
            if (OutOfMemory.is(sentence)) {
                return files.model().getFileName()
                        + " does not fit into its memory"
                        + free().device().stream()
                                .mapToObj(bytes ->
                                        ", of which " + TooLarge.bytes(bytes) + " are free")
                                .collect(Collectors.joining())
                        + ".";
            }
            int aside = sentence.indexOf(" (node ");
            return aside < 0
                    ? sentence
                    : "what it computes for " + files.model().getFileName() + " is wrong.";
        }

        private Opening onProcessor(String why) {
            return new Opening(
                    files,
                    original,
                    graph,
                    found,
                    config,
                    tokenizer,
                    options.withChoice(options.choice().fallenBack(why)),
                    memory);
        }

        OnnxModel model(Progress progress) {
            progress.at(0.5, "Loading the weights");
            progress.check();
            List<AttentionSite> sites = found.sites();
            Set<String> outputs = new LinkedHashSet<>(RunRecorder.everyChunk(sites));
            outputs.addAll(RunRecorder.keysAndValues(sites));
            String owner = String.valueOf(files.model().getFileName());
            RuntimeSession session =
                    RuntimeSession.open(graph.withOutputs(outputs), RunPlace.of(options), owner);
            boolean done = false;
            try {
                OnnxModel model = probed(session, progress);
                progress.at(1, "Done");
                done = true;
                return model;
            } finally {
                if (!done) {
                    session.close();
                }
            }
        }

        private OnnxModel probed(RuntimeSession session, Progress progress) {
            progress.at(0.8, "Trying a few tokens");
            Probe probe = new Probe(session, found.sites(), vocabulary());
            Probe.Findings seen = probe.run(progress);
            progress.at(0.9, "Comparing with the model's own attention");
            progress.check();
            Verification verification =
                    new Verification(original, graph, session, seen.attention(), options);
            Probe.Findings findings =
                    new OpeningCheck(session, verification).trusted(seen, probe.ids());
            if (findings.sites().isEmpty()) {
                throw new BadInputException(none(files.model(), unsupported(findings), ANY_SIZE));
            }
            Optional<CacheWiring> cache = new CacheProbe(session, probe, findings).find(progress);
            return new OnnxModel(parts(session, probe, findings, cache));
        }

        private List<UnsupportedSite> unsupported(Probe.Findings findings) {
            List<UnsupportedSite> all = new ArrayList<>(found.unsupported());
            all.addAll(findings.refused());
            return List.copyOf(all);
        }

        private OnnxModel.Parts parts(
                RuntimeSession session,
                Probe probe,
                Probe.Findings findings,
                Optional<CacheWiring> cache) {
            int limit = limit();
            MemoryEstimate estimate =
                    new MemoryEstimate(
                            findings.sizes(),
                            findings.masks(),
                            vocabulary(),
                            cache.isPresent(),
                            options.chunkBytes(),
                            free());
            return new OnnxModel.Parts(
                    info(findings, limit),
                    Optional.ofNullable(tokenizer),
                    original,
                    graph,
                    found.beside(),
                    session,
                    probe,
                    findings,
                    cache,
                    estimate,
                    limit,
                    EndTokens.read(files),
                    options);
        }

        /** The longest text: the shorter of learned positions and tables of rotary embeddings. */
        private int limit() {
            int learned = PositionTable.limit(original, config.type());
            int rotary = RotaryTables.rows(graph);
            return learned == 0 || rotary == 0 ? learned + rotary : Math.min(learned, rotary);
        }

        private int vocabulary() {
            int rows = graph.vocabulary();
            int known = rows > 0 ? rows : config.vocabulary();
            return known > 0 || tokenizer == null ? known : tokenizer.vocabulary();
        }

        private ModelInfo info(Probe.Findings findings, int positionLimit) {
            return new ModelInfo(
                    files.name(),
                    files.model(),
                    original.hash(),
                    findings.sites().stream().map(Opening::site).toList(),
                    unsupported(findings),
                    original.graphInputs().stream().map(Opening::input).toList(),
                    original.graphInputs().stream()
                            .anyMatch(input -> input.name().contains("past")),
                    vocabulary(),
                    positionLimit > 0 ? positionLimit : config.maxPositions(),
                    provider());
        }

        private FreeMemory free() {
            return switch (options.device()) {
                case Device.Cpu _ -> memory;
                case Device.Cuda cuda ->
                        new DeviceMemory(memory, NvidiaMachine.here(), cuda, System::nanoTime);
            };
        }

        private String provider() {
            return switch (options.device()) {
                case Device.Cpu cpu ->
                        cpu.label()
                                + ", "
                                + options.threads()
                                + (options.threads() == 1 ? " thread" : " threads");
                case Device.Cuda cuda ->
                        cuda.label()
                                + NvidiaMachine.here()
                                        .driver()
                                        .flatMap(driver -> driver.gpu(cuda.index()))
                                        .map(gpu -> ", " + gpu.name())
                                        .orElse("");
            };
        }

        private static ModelInfo.Site site(ProbedSite seen) {
            AttentionSite site = seen.site();
            return new ModelInfo.Site(
                    site.layer(),
                    site.kind(),
                    site.form(),
                    site.node(),
                    seen.sizes().heads(),
                    seen.sizes().keyHeads(),
                    seen.sizes().queryDim(),
                    seen.causal());
        }

        private static ModelInfo.Input input(GraphValue value) {
            String type =
                    switch (value.type()) {
                        case FLOAT -> "float32";
                        case DOUBLE -> "float64";
                        default -> value.type().label();
                    };
            return new ModelInfo.Input(value.name(), type, value.shape());
        }
    }
}
