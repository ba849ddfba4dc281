import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Checks ({@code check}) or applies ({@code apply}) the code format of every module. Run by Maven on the
 * selected JDK, because the formatter parses with the compiler of the JVM that it runs on.
 */
public final class Format {
    public static void main(String[] args) throws IOException, FormatterException {
        boolean apply = args.length > 0 && args[0].equals("apply");
        Formatter formatter =
                new Formatter(
                        JavaFormatterOptions.builder()
                                .style(JavaFormatterOptions.Style.AOSP)
                                .build());
        List<Path> wrong = new ArrayList<>();
        for (Path file : sources()) {
            String source = Files.readString(file);
            String wanted = formatter.formatSourceAndFixImports(source);
            if (!wanted.equals(source)) {
                wrong.add(file);
                if (apply) {
                    Files.writeString(file, wanted);
                }
            }
        }
        if (!wrong.isEmpty()) {
            System.err.println((apply ? "Formatted: " : "Not formatted: ") + wrong);
            if (!apply) {
                System.err.println("Run: mvn -q -N process-sources -Dformat=apply");
                System.exit(1);
            }
        }
    }

    private static List<Path> sources() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String module : List.of("assets", "engine", "analysis", "viz", "app")) {
            Path root = Path.of(module, "src");
            if (Files.isDirectory(root)) {
                try (Stream<Path> walk = Files.walk(root)) {
                    walk.filter(f -> f.toString().endsWith(".java")).forEach(files::add);
                }
            }
        }
        return files;
    }
}
