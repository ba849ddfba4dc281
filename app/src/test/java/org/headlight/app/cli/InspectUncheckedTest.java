package org.headlight.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.TextFormat;

import org.headlight.engine.device.DeviceSetup;
import org.headlight.engine.onnx.proto.Onnx.ModelProto;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A model that runs on nothing that can be made up is described all the same. */
class InspectUncheckedTest {
    /** Attention over frames that come in sevens; no made-up number of frames is one. */
    private static final String MODEL =
            """
            ir_version: 8
            opset_import { version: 17 }
            graph {
              name: "g"
              initializer { name: "sevens" data_type: 7 dims: 3 int64_data: [-1, 7, 16] }
              initializer { name: "line" data_type: 7 dims: 3 int64_data: [1, -1, 16] }
              node { op_type: "Reshape" input: ["x", "sevens"] output: "x7" }
              node { op_type: "Reshape" input: ["x7", "line"] output: "q" }
              node { op_type: "Transpose" input: "q" output: "kt"
                     attribute { name: "perm" type: 7 ints: [0, 2, 1] } }
              node { op_type: "MatMul" input: ["q", "kt"] output: "s" }
              node { op_type: "Softmax" name: "/p" input: "s" output: "p"
                     attribute { name: "axis" type: 2 i: -1 } }
              node { op_type: "MatMul" input: ["p", "q"] output: "y" }
              input { name: "x" type { tensor_type { elem_type: 1 shape {
                dim { dim_value: 1 } dim { dim_param: "frames" } dim { dim_value: 16 } } } } }
              output { name: "y" type { tensor_type { elem_type: 1 } } }
            }
            """;

    private static final String REASON =
            "m.onnx cannot be checked: it runs on none of the inputs that were made up for it.";

    @TempDir private Path folder;

    private String inspected(String... more) throws IOException {
        ModelProto.Builder model = ModelProto.newBuilder();
        TextFormat.merge(MODEL, model);
        Path file = Files.write(folder.resolve("m.onnx"), model.build().toByteArray());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> args = new ArrayList<>(List.of("inspect", file.toString()));
        args.addAll(List.of(more));
        int status =
                Headlight.run(
                        args,
                        new CommandContext(
                                new PrintStream(out, true, StandardCharsets.UTF_8),
                                System.err,
                                false,
                                Map.of(),
                                new Interrupt(),
                                DeviceSetup::ofProcess,
                                request -> {
                                    throw new AssertionError("no window was asked for");
                                }));
        assertThat(status).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void asJson() throws IOException {
        JsonObject json = JsonParser.parseString(inspected("--json")).getAsJsonObject();
        assertThat(json.get("check").isJsonNull()).isTrue();
        assertThat(json.get("checkReason").getAsString()).isEqualTo(REASON);
        JsonObject site = json.getAsJsonArray("sites").get(0).getAsJsonObject();
        assertThat(site.get("node").getAsString()).isEqualTo("/p");
    }

    @Test
    void forPeople() throws IOException {
        assertThat(inspected()).contains("not checked   " + REASON, "/p");
    }
}
