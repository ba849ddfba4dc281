package org.headlight.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.headlight.engine.device.Device;
import org.headlight.engine.device.Driver;
import org.headlight.engine.device.GpuMachine;
import org.headlight.engine.device.Platform;
import org.headlight.engine.device.PlayedMachine;
import org.headlight.engine.problem.TooLargeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What fits on a device, and what is said when something did not. */
class DeviceMemoryTest {
    private static final Device.Cuda CUDA = new Device.Cuda(0);

    private static FreeMemory memory(long machine, OptionalLong device) {
        return new FreeMemory() {
            @Override
            public long machine() {
                return machine;
            }

            @Override
            public OptionalLong device() {
                return device;
            }
        };
    }

    private static MemoryEstimate estimate(long machine, OptionalLong device) {
        return new MemoryEstimate(
                List.of(new SiteSizes(1, 1, 8, 64, 8, 8, 64)),
                new MaskCells(0, 0, 0),
                1000,
                false,
                1 << 20,
                memory(machine, device));
    }

    @Test
    void onADeviceTheRuntimesTensorsCountThereAndWhatIsKeptInTheMachine() {
        MemoryNeed cpu = estimate(1L << 40, OptionalLong.empty()).need(1000);
        MemoryNeed cuda = estimate(1L << 40, OptionalLong.of(cpu.runBytes())).need(1000);
        assertThat(cuda.device().bytes()).isEqualTo(cpu.runBytes());
        assertThat(cuda.captureBytes()).isEqualTo(cpu.captureBytes());
        assertThat(cuda.runBytes()).isEqualTo(cpu.captureBytes());
        assertThat(cuda.fits()).isTrue();
        assertThat(cuda.largestThatFits()).isEqualTo(1000);
        assertThat(estimate(1L << 40, OptionalLong.of(cpu.runBytes() - 1)).need(1000).fits())
                .isFalse();
        assertThat(estimate(2 * cpu.captureBytes(), OptionalLong.of(1L << 40)).need(1000).fits())
                .isTrue();
        assertThat(
                        estimate(2 * cpu.captureBytes() - 1, OptionalLong.of(1L << 40))
                                .need(1000)
                                .fits())
                .isFalse();
    }

    @Test
    void onTheProcessorNothingCountsOnADevice() {
        MemoryNeed need = estimate(1L << 40, OptionalLong.empty()).inPieces(1000, true);
        assertThat(need.device().bytes()).isZero();
        assertThat(need.device().fits()).isTrue();
        MemoryNeed cuda = estimate(1L << 40, OptionalLong.of(1L << 30)).inPieces(1000, true);
        assertThat(cuda.device().bytes()).isEqualTo(need.runBytes());
        assertThat(cuda.runBytes()).isLessThan(need.runBytes());
    }

    @Test
    void whatDoesNotFitOnTheDeviceIsRefusedInNumbers() {
        MemoryNeed need = estimate(1L << 40, OptionalLong.of(10_000_000)).need(1000);
        TooLargeException refusal = TooLarge.input(1000, "m.onnx").refusal(need);
        assertThat(refusal)
                .hasMessage(
                        "1,000 tokens through m.onnx would need "
                                + (need.device().bytes() + 999_999) / 1_000_000
                                + " MB of memory on the CUDA device, but 10 MB are free there; run"
                                + " it on the CPU, or shorten it: the longest input that fits has "
                                + need.largestThatFits()
                                + " tokens.");
        assertThat(refusal.neededBytes()).isEqualTo(need.device().bytes());
        assertThat(refusal.availableBytes()).isEqualTo(10_000_000);
    }

    @Test
    void theDriverSaysWhatIsFree() {
        FreeMemory host = memory(7, OptionalLong.empty());
        PlayedMachine machine = PlayedMachine.withGpus();
        assertThat(on(machine, 0).device()).hasValue(61_200_000_000L);
        assertThat(on(machine, 1).device()).isEmpty();
        assertThat(on(machine, 2).device()).isEmpty();
        assertThat(on(PlayedMachine.bare(), 0).device()).isEmpty();
        assertThat(new DeviceMemory(host, machine, CUDA, () -> 0).machine()).isEqualTo(7);
    }

    private static DeviceMemory on(GpuMachine machine, int index) {
        return new DeviceMemory(
                memory(7, OptionalLong.empty()), machine, new Device.Cuda(index), () -> 0);
    }

    @Test
    void theDriverIsAskedOnceASecondAtMost() {
        AtomicLong now = new AtomicLong(5);
        AtomicInteger asked = new AtomicInteger();
        PlayedMachine played = PlayedMachine.withGpus();
        GpuMachine counting =
                new GpuMachine() {
                    @Override
                    public Platform platform() {
                        return played.platform();
                    }

                    @Override
                    public boolean has(String library) {
                        return played.has(library);
                    }

                    @Override
                    public Optional<Driver> driver() {
                        asked.incrementAndGet();
                        return played.driver();
                    }
                };
        DeviceMemory memory =
                new DeviceMemory(memory(7, OptionalLong.empty()), counting, CUDA, now::get);
        for (int i = 0; i < 3; i++) {
            assertThat(memory.device()).hasValue(61_200_000_000L);
        }
        assertThat(asked).hasValue(1);
        now.addAndGet(1_000_000_001L);
        assertThat(memory.device()).hasValue(61_200_000_000L);
        assertThat(asked).hasValue(2);
    }

    private static TooLargeException outOfMemory(String words, OptionalLong free) {
        assertThat(OutOfMemory.is(words)).isTrue();
        MemoryNeed need = estimate(1L << 40, OptionalLong.of(5)).need(10);
        return new OutOfMemory("m.onnx", CUDA).refusal(words, need, free);
    }

    @Test
    void whatTheArenaCouldNotGetIsSaidInNumbers() {
        TooLargeException refusal =
                outOfMemory(
                        "its node MatMul_92 (FusedMatMul) stops: Failed to allocate memory for"
                                + " requested buffer of size 8388608000",
                        OptionalLong.of(120_400_000));
        assertThat(refusal)
                .hasMessage(
                        "m.onnx asked for 8,389 MB more on CUDA 0, where 121 MB are free; shorten"
                                + " the input, end other programs that use the device, or run it on"
                                + " the CPU.");
        assertThat(refusal.neededBytes()).isEqualTo(8_388_608_000L);
        assertThat(refusal.exitStatus()).isEqualTo(4);
    }

    @Test
    void whereTheRuntimeTellsNoSizeItsWordsStandIn() {
        assertThat(
                        outOfMemory(
                                "its node /s (Softmax) stops: CUDA failure 2: out of memory",
                                OptionalLong.empty()))
                .hasMessage(
                        "m.onnx did not get the memory that it asked for on CUDA 0 (its node /s"
                                + " (Softmax) stops: CUDA failure 2: out of memory); shorten the"
                                + " input, end other programs that use the device, or run it on the"
                                + " CPU.");
        // A size that an overflow made.
        assertThat(
                        outOfMemory(
                                "Failed to allocate memory for requested buffer of size"
                                        + " 4585490524328388608",
                                OptionalLong.of(1)))
                .hasMessageStartingWith(
                        "m.onnx did not get the memory that it asked for on CUDA 0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bad allocation",
                "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED",
                "CUDA failure 2: out of memory",
            })
    void wantOfMemoryIsKnownByItsWords(String words) {
        assertThat(OutOfMemory.is(words)).isTrue();
        assertThat(OutOfMemory.is("indices element out of data bounds")).isFalse();
    }
}
