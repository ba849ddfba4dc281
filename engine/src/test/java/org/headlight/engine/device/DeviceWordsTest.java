package org.headlight.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.stream.Stream;

/** What the runtime really says, and what a person reads. */
class DeviceWordsTest {
    private static final String CANNOT = "CUDA 1 cannot be used: ";

    private static final String CALL =
            "Error code - ORT_FAIL - message: /onnxruntime_src/onnxruntime/core/providers/cuda/"
                    + "cuda_call.cc:129 std::conditional_t<THRW, void, onnxruntime::common::Status>"
                    + " onnxruntime::CudaCall(ERRTYPE, const char*, const char*, SUCCTYPE, const"
                    + " char*, const char*, int) [with ERRTYPE = cudaError; bool THRW = true;"
                    + " SUCCTYPE = cudaError] ";

    private static final String PLACE =
            " ; GPU=-1 ; hostname=box ;"
                + " file=/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_execution_provider.cc"
                + " ; line=283 ; expr=cudaSetDevice(info_.device_id);";

    static Stream<Arguments> words() {
        return Stream.of(
                Arguments.of(
                        "Error code - ORT_EP_FAIL - message: Failed to find CUDA shared provider",
                        "the ONNX Runtime that is loaded was built without CUDA; name the folder"
                                + " with the natives of onnxruntime_gpu in the settings, or by"
                                + " --natives FOLDER."),
                Arguments.of(
                        "Error code - ORT_FAIL - message:"
                            + " /onnxruntime_src/onnxruntime/core/session/provider_bridge_ort.cc:1844"
                            + " onnxruntime::Provider& onnxruntime::ProviderLibrary::Get() Failed"
                            + " to load library /n/libonnxruntime_providers_cuda.so with error:"
                            + " libcublasLt.so.12: cannot open shared object file: No such file or"
                            + " directory",
                        "the library libcublasLt.so.12 is missing; install CUDA 12 (its runtime"
                                + " libraries)."),
                Arguments.of(
                        "Error loading \"C:\\n\\onnxruntime_providers_cuda.dll\" which depends on"
                                + " \"cudart64_13.dll\" which is missing. (Error 126: \"The"
                                + " specified module could not be found.\")",
                        "the library cudart64_13.dll is missing; install CUDA 13 (its runtime"
                                + " libraries)."));
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(
                        CALL + "CUDA failure 100: no CUDA-capable device is detected" + PLACE,
                        "NVIDIA's driver finds no device (CUDA failure 100)."),
                Arguments.of(
                        CALL
                                + "CUDA failure 35: CUDA driver version is insufficient for CUDA"
                                + " runtime version"
                                + PLACE,
                        "NVIDIA's driver is older than the CUDA of the natives (CUDA failure 35);"
                                + " install a newer driver."),
                Arguments.of(
                        CALL + "CUDA failure 101: invalid device ordinal" + PLACE,
                        "there is no device of that number; headlight doctor lists them."),
                Arguments.of(
                        "Error code - ORT_FAIL - message:"
                            + " /onnxruntime_src/onnxruntime/core/providers/cuda/cuda_execution_provider_info.cc:62"
                            + " static onnxruntime::CUDAExecutionProviderInfo"
                            + " onnxruntime::CUDAExecutionProviderInfo::FromProviderOptions(const"
                            + " onnxruntime::ProviderOptions&) [ONNXRuntimeError] : 1 : FAIL :"
                            + " provider_options_utils.h:187 Parse Failed to parse provider option"
                            + " \"device_id\": cuda_execution_provider_info.cc:70 operator()"
                            + " Invalid device ID: 1, must be between 0 (inclusive) and 1"
                            + " (exclusive).",
                        "there is no device of that number; headlight doctor lists them."),
                Arguments.of(
                        "Error code - ORT_RUNTIME_EXCEPTION - message: Exception during"
                            + " initialization:"
                            + " /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:359 void*"
                            + " onnxruntime::BFCArena::AllocateRawInternal(size_t, bool,"
                            + " onnxruntime::Stream*) Failed to allocate memory for requested"
                            + " buffer of size 1024",
                        "its memory is taken; end other programs that use it."),
                Arguments.of(
                        CALL
                                + "CUDA failure 209: no kernel image is available for execution on"
                                + " the device"
                                + PLACE,
                        "the natives have no code for this GPU's generation (CUDA failure 209);"
                                + " take a build for it."),
                Arguments.of(
                        CALL + "CUDA failure 2: out of memory" + PLACE,
                        "its memory is taken; end other programs that use it."),
                Arguments.of(
                        CALL + "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED" + PLACE,
                        "CUBLAS_STATUS_ALLOC_FAILED (CUBLAS failure 3)."),
                Arguments.of(
                        "Error code - ORT_FAIL - message: cuDNN is not available. Install cuDNN, or"
                                + " set enable_cudnn=0 to force native CUDA paths",
                        "this model needs cuDNN; install cuDNN 9 for the CUDA of the natives."),
                Arguments.of(
                        "Error code - ORT_FAIL - message: Something new.\nat a place",
                        "Something new."),
                Arguments.of("", "the runtime does not say why."));
    }

    @ParameterizedTest
    @MethodSource({"words", "failures"})
    void theRuntimesWordsBecomeASentenceWithWhatToDo(String said, String read) {
        assertThat(DeviceWords.of(new Device.Cuda(1), said)).isEqualTo(CANNOT + read);
    }
}
