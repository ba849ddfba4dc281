package org.headlight.engine.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeWordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '`',
            textBlock =
                    """
                    Error code - ORT_RUNTIME_EXCEPTION - message: Non-zero status code returned while running Add node. Name:'s_n' Status Message: /onnxruntime_src/onnxruntime/core/providers/cpu/math/element_wise_ops.h:563 void onnxruntime::BroadcastIterator::Init(ptrdiff_t, ptrdiff_t) axis == 1 || axis == largest was false. Attempting to broadcast an axis by a dimension other than 1. 8 by 16 => its node s_n (Add) stops: Attempting to broadcast an axis by a dimension other than 1. 8 by 16
                    Error code - ORT_FAIL - message: Non-zero status code returned while running MatMul node. Name:'/o1' Status Message: matmul_helper.h:161 Compute MatMul dimension mismatch => its node /o1 (MatMul) stops: MatMul dimension mismatch
                    Non-zero status code returned while running Gather node. Name:'' Status Message: indices element out of data bounds, idx=70 must be within the inclusive range [-50,49]. => its node without a name (Gather) stops: indices element out of data bounds, idx=70 must be within the inclusive range [-50,49]
                    Exception during initialization: /onnxruntime_src/onnxruntime/core/graph/graph.cc:12 onnxruntime::common::Status onnxruntime::Graph::Resolve(const onnxruntime::Graph&, bool) The graph is odd. => Exception during initialization: The graph is odd
                    /a/b.cc:7 void f(int) x > 0 was false. => a check of the runtime failed
                    Error code - ORT_RUNTIME_EXCEPTION - message: Non-zero status code returned while running FusedMatMul node. Name:'MatMul_92' Status Message: /onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:376 void* onnxruntime::BFCArena::AllocateRawInternal(size_t, bool, onnxruntime::Stream*, bool, onnxruntime::WaitNotificationFn) Failed to allocate memory for requested buffer of size 8388608000 => its node MatMul_92 (FusedMatMul) stops: Failed to allocate memory for requested buffer of size 8388608000
                    Error code - ORT_FAIL - message: Non-zero status code returned while running Softmax node. Name:'/s' Status Message: CUDA failure 2: out of memory ; GPU=0 ; hostname=box ; file=/onnxruntime_src/onnxruntime/core/providers/cuda/cuda_allocator.cc ; line=47 ; expr=cudaMalloc((void**)&p, size); => its node /s (Softmax) stops: CUDA failure 2: out of memory
                    No such file: model.onnx => No such file: model.onnx
                    """)
    void theWordsOfTheRuntimeAreCutToWhatPeopleCanUse(String raw, String words) {
        assertThat(RuntimeWords.of(raw)).isEqualTo(words);
    }
}
