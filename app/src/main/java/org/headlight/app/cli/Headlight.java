package org.headlight.app.cli;

import org.headlight.analysis.sparse.catalog.PolicyCatalog;
import org.headlight.app.workbench.LaunchRequest;
import org.headlight.assets.Assets;
import org.headlight.engine.device.Device;
import org.headlight.engine.problem.BadInputException;
import org.headlight.engine.problem.Problem;
import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;

/** The program without a command: the window, or the gallery where there is no display. */
@Command(
        name = "headlight",
        versionProvider = Version.class,
        description = "Shows what the attention heads of a transformer do.",
        footer = {
            "",
            "SOURCE is a model folder, an .onnx file, a capture or dump (.safetensors, .npy,"
                    + " .npz), or the word demo for the embedded example.",
            "",
            "Examples:",
            "  headlight                                  opens the window",
            "  headlight inspect demo                     what is inside the model",
            "  headlight heads demo --text \"one two one two\"",
            "  headlight sinks demo                       where attention pools",
            "  headlight map demo --text-file a.txt --layer 2 --head 4 --out map.png",
            "  headlight capture DIR --text \"Hello\" --out hello.safetensors",
            "  headlight generate demo --prompt \"It was\" --max-tokens 40",
            "  headlight retrieval demo --mask top:3,random:3",
            "  headlight sparse demo --policy xattention",
            "",
            "Exit status: 0 done, 2 wrong usage, 3 bad input, 4 would not fit, 130 cancelled."
        })
public final class Headlight implements Callable<Integer> {
    /** Exit status for a fault of the program itself. */
    static final int INTERNAL = 70;

    private final CommandContext context;

    @Spec private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "SOURCE",
            description = "What the window opens instead of the embedded example.")
    private @Nullable Path source;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            description = "The text that the window runs at once.")
    private @Nullable String text;

    @Option(
            names = "--text-file",
            paramLabel = "FILE",
            description = "The file with the text that the window runs at once.")
    private @Nullable Path textFile;

    @Option(names = "--theme", paramLabel = "NAME", description = "light, dark or system.")
    private @Nullable String theme;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the runtime.")
    private @Nullable Integer threads;

    @Option(
            names = "--device",
            paramLabel = "NAME",
            description = "Where models run: cpu, cuda or cuda:N (default: as in the settings).")
    private @Nullable Device device;

    @Option(
            names = "--natives",
            paramLabel = "FOLDER",
            description = "The folder with the native libraries of onnxruntime_gpu.")
    private @Nullable Path natives;

    @SuppressWarnings("unused") // its presence is all that counts
    @Option(names = "--debug", description = "Prints the stack trace of a failure.")
    private boolean debug;

    @SuppressWarnings("unused") // its presence is all that counts
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    @SuppressWarnings("unused") // its presence is all that counts
    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Shows the version.")
    private boolean version;

    @SuppressWarnings("NullAway.Init")
    private Headlight(CommandContext context) {
        this.context = context;
    }

    /**
     * Runs one command line.
     *
     * @return the exit status of the contract
     */
    public static int run(List<String> args, CommandContext context) {
        boolean debug = args.contains("--debug");
        CommandLine line = new CommandLine(new Headlight(context));
        line.addSubcommand(new InspectCommand(context));
        line.addSubcommand(new CaptureCommand(context));
        line.addSubcommand(new MapCommand(context));
        line.addSubcommand(new HeadsCommand(context));
        line.addSubcommand(new SinksCommand(context));
        line.addSubcommand(new XAttentionCommand(context));
        line.addSubcommand(new InfluenceCommand(context));
        line.addSubcommand(new RhythmCommand(context));
        line.addSubcommand(new GenerateCommand(context));
        line.addSubcommand(new RetrievalCommand(context));
        PolicyCatalog policies = PolicyCatalog.standard();
        line.addSubcommand(new PoliciesCommand(context, policies));
        line.addSubcommand(new SparseCommand(context, policies));
        line.addSubcommand(new FrontierCommand(context, policies));
        line.addSubcommand(new DemoCommand(context));
        line.addSubcommand(new BenchCommand(context));
        line.addSubcommand(new DoctorCommand(context));
        line.registerConverter(Integer.class, Headlight::number);
        line.registerConverter(int.class, Headlight::number);
        line.registerConverter(double.class, Headlight::fraction);
        line.registerConverter(long.class, Headlight::longNumber);
        line.registerConverter(Path.class, Headlight::path);
        line.registerConverter(Device.class, Headlight::device);
        line.setOut(new PrintWriter(context.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(context.err(), true, StandardCharsets.UTF_8));
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        line.setExecutionExceptionHandler(
                (failure, command, result) -> failed(failure, context, debug));
        line.setParameterExceptionHandler((wrong, given) -> wrongUsage(wrong));
        try {
            return line.execute(args.toArray(String[]::new));
        } catch (OutOfMemoryError e) {
            context.err()
                    .println(
                            "The work did not fit into the program's memory of "
                                    + (Runtime.getRuntime().maxMemory() >> 20)
                                    + " MB; take a shorter text, or raise it with"
                                    + " HEADLIGHT_JVM=-Xmx8g.");
            return 4;
        }
    }

    private static int wrongUsage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        boolean prompt = command.getCommandSpec().findOption("--prompt") != null;
        err.println(
                wrong instanceof CommandLine.MutuallyExclusiveArgsException
                        ? "Only one input can be run at a time: give one of "
                                + (prompt ? "--prompt, --prompt-file" : "--text, --text-file")
                                + ", --tokens and --tokens-file."
                        : wrong.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println(command.getCommandSpec().qualifiedName() + " --help has the options.");
        return CommandLine.ExitCode.USAGE;
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new CommandLine.TypeConversionException(
                    "'" + text + "' is not a whole number that fits; expected one such as 4.");
        }
    }

    private static long longNumber(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new CommandLine.TypeConversionException(
                    "'" + text + "' is not a whole number that fits; expected one such as 4.");
        }
    }

    private static double fraction(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new CommandLine.TypeConversionException(
                    "'" + text + "' is not a number; expected one such as 0.8.");
        }
    }

    private static Device device(String text) {
        try {
            return Device.parse(text);
        } catch (BadInputException e) {
            throw new CommandLine.TypeConversionException(e.getMessage());
        }
    }

    /** What the commands of a command line may touch. */
    static CommandContext contextOf(CommandLine command) {
        return ((Headlight) command.getCommandSpec().root().userObject()).context;
    }

    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new CommandLine.TypeConversionException(
                    "the name is empty; expected the path of a file or a folder.");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new CommandLine.TypeConversionException(
                    "'" + text + "' cannot be the name of a file here; expected a path.");
        }
    }

    private static int failed(Exception failure, CommandContext context, boolean debug) {
        int status = failure instanceof Problem problem ? problem.exitStatus() : INTERNAL;
        if (failure instanceof Problem) {
            context.err().println(failure.getMessage());
        } else {
            context.err()
                    .println(
                            String.format(
                                    Locale.ROOT,
                                    "Headlight itself failed (%s); run the command again with"
                                            + " --debug for the details.",
                                    failure));
        }
        if (debug) {
            StackTraces.print(failure, context.err());
        }
        return status;
    }

    @Override
    public Integer call() {
        if (theme != null && !List.of("light", "dark", "system").contains(theme)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--theme is \"" + theme + "\"; expected light, dark or system.");
        }
        if (text != null && textFile != null) {
            throw Usage.of(spec)
                    .wrong(
                            "Only one input can be run at a time: give one of --text and"
                                    + " --text-file.");
        }
        Threads.check(threads, spec.commandLine());
        checkSource();
        if (!new Display(context.environment(), System.getProperties()).present()) {
            return new DemoCommand(context).withoutDisplay();
        }
        Path opened = source;
        if (opened != null && opened.toString().equals("demo")) {
            opened = new Assets().demoModelFolder();
        }
        context.window()
                .accept(
                        new LaunchRequest(
                                Optional.ofNullable(opened),
                                Optional.ofNullable(text),
                                Optional.ofNullable(textFile),
                                threads == null ? OptionalInt.empty() : OptionalInt.of(threads),
                                Optional.ofNullable(theme),
                                Optional.ofNullable(device),
                                Optional.ofNullable(natives)));
        return 0;
    }

    /** A mistyped command is taken for a source by the parser. */
    private void checkSource() {
        Path given = source;
        if (given != null && !given.toString().equals("demo") && !Files.exists(given)) {
            throw new BadInputException(
                    given
                            + " is neither a command nor a file or folder; headlight --help lists"
                            + " the commands and what can be opened.");
        }
    }
}
