package org.headlight.engine.onnx;

import com.google.protobuf.InvalidProtocolBufferException;

import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.headlight.engine.problem.BadInputException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** Opens one .onnx file as a skeleton, or says in one sentence why not. */
final class SkeletonOpener {
    private static final String LFS = "version https://git-lfs";
    private static final String ORT = "ORTM";
    private static final long MAX_BUDGET = 8L << 30;
    private static final int HASH_DIGITS = 12;
    private static final int CHUNK = 1 << 20;

    private final Path file;

    SkeletonOpener(Path file) {
        this.file = file;
    }

    ModelSkeleton open() {
        if (Files.isDirectory(file)) {
            throw bad("%s is a folder; an .onnx file was expected.");
        }
        if (!Files.exists(file)) {
            throw bad("%s does not exist; check the path.");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            checkStart(channel);
            ModelProto model = parse(channel);
            check(model);
            WeightFiles.Located located = new WeightFiles(file).locate(model);
            return new ModelSkeleton(file, hash(channel), located.folder(), located.model());
        } catch (IOException e) {
            throw new BadInputException(
                    String.format(Locale.ROOT, "%s cannot be read: %s.", file, e.getMessage()), e);
        }
    }

    private void checkStart(FileChannel channel) throws IOException {
        if (channel.size() == 0) {
            throw bad("%s is empty; copy or download it again.");
        }
        ByteBuffer first = ByteBuffer.allocate(LFS.length());
        int read = Math.max(0, channel.read(first, 0));
        String start = new String(first.array(), 0, read, StandardCharsets.ISO_8859_1);
        if (start.equals(LFS)) {
            throw bad(
                    "%s is a Git LFS pointer and not the model itself; fetch the model with 'git"
                            + " lfs pull'.");
        }
        if (start.startsWith(ORT, 4)) {
            throw bad(
                    "%s is in ONNX Runtime's own format and not an ONNX model; choose the .onnx"
                            + " file that it was made from.");
        }
    }

    private ModelProto parse(FileChannel channel) throws IOException {
        WireReader in = new WireReader(channel);
        Path name = file.getFileName();
        long budget = Math.min(MAX_BUDGET, Runtime.getRuntime().maxMemory() / 4);
        byte[] bytes;
        try {
            if (!StartsLikeAModel.test(in)) {
                throw bad(
                        "%s is not an ONNX model: its first bytes do not follow the format; choose"
                                + " an .onnx file.");
            }
            in.seek(0);
            bytes = new SkeletonScanner(in, name == null ? "" : name.toString(), budget).scan();
        } catch (WireException e) {
            throw explain(e, in.size());
        }
        try {
            return ModelProto.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new BadInputException(
                    String.format(
                            Locale.ROOT,
                            "%s is damaged: its graph does not follow the ONNX format; copy or"
                                    + " download it again.",
                            file),
                    e);
        }
    }

    private BadInputException explain(WireException e, long size) {
        String sentence =
                e.isCut()
                        ? String.format(
                                Locale.ROOT,
                                "%s is cut short: a part that starts at byte %,d needs %,d bytes,"
                                        + " but the file ends at byte %,d; copy or download it"
                                        + " again.",
                                file,
                                e.position(),
                                e.length(),
                                size)
                        : String.format(
                                Locale.ROOT,
                                "%s is damaged: what stands at byte %,d does not follow the ONNX"
                                        + " format; copy or download it again.",
                                file,
                                e.position());
        return new BadInputException(sentence, e);
    }

    private void check(ModelProto model) {
        if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
            throw bad(
                    "%s holds no graph; an ONNX model with at least one node was expected, so copy"
                            + " or export it again.");
        }
        if (model.getOpsetImportCount() == 0) {
            throw bad(
                    "%s does not say which operators it uses, so its end is probably missing; copy"
                            + " or download it again.");
        }
    }

    /** First 12 hex digits of the SHA-256 of a file. */
    static String hash(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return hash(channel);
        }
    }

    private static String hash(FileChannel channel) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        for (long at = 0; channel.read(chunk, at) > 0; ) {
            at += chunk.position();
            digest.update(chunk.flip());
            chunk.clear();
        }
        byte[] start = Arrays.copyOf(digest.digest(), HASH_DIGITS / 2);
        return HexFormat.of().formatHex(start);
    }

    private BadInputException bad(String sentence) {
        return new BadInputException(String.format(Locale.ROOT, sentence, file));
    }
}
