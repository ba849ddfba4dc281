// Runs the CUDA kernels on a CPU: threads of a block are fibers, what a warp does together is done
// once all its lanes have come to it, and done as the PTX manual defines it. Stricter than a GPU:
// lanes that part ways, copies out of bounds, shared memory read before a copy was waited for, and
// rows that collide in their banks are found out. Build with -DHEADLIGHT_EMULATED -include this.
#pragma once

#include <cmath>
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <ucontext.h>

#define __global__
#define __device__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define __shared__ static
#define DYNAMIC_SHARED(name) unsigned char* name = emulator::shared.data()
#define threadIdx (emulator::now->place)
#define MINUS_INFINITY (-INFINITY)

struct float4 {
    float x, y, z, w;
};

inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

struct Dim {
    unsigned x, y, z;
};

static Dim blockIdx, gridDim, blockDim;

namespace emulator {

constexpr size_t STACK = 256 * 1024;

enum State { READY, WARP, BLOCK, DONE };
enum Op { SHUFFLE, BALLOT, BARRIER, LOAD, LOAD_TRANSPOSED, PRODUCT };

struct Copy {
    unsigned target;
    const void* source;
    bool there;
    int group;
};

struct Fiber {
    Dim place;
    State state;
    ucontext_t start;
    jmp_buf stopped;
    bool started;
    std::vector<char> stack;
    std::vector<Copy> copies;
    int groups;
    // What it does together with its warp.
    Op op;
    double value;
    int argument;
    unsigned address;
    const unsigned* a;
    unsigned b0, b1;
    float* c;
    unsigned* loaded;
    double result;
};

struct Region {
    const char* start;
    long bytes;
};

struct Blob {
    char bytes[256];
};

using Kernel = void (*)(Blob);

static std::vector<unsigned char> shared;
static std::vector<Fiber> fibers;
static std::vector<Region> regions;
static Fiber* now;
static Kernel kernel;
static Blob arguments;
static jmp_buf scheduler;
static jmp_buf failure;
static bool late;
static long conflicts;
static std::string message;

[[noreturn]] inline void fail(const std::string& what) {
    message = what + " (block " + std::to_string(blockIdx.x) + ", " + std::to_string(blockIdx.y)
            + ", thread " + std::to_string(now == nullptr ? 0 : now->place.x) + ")";
    _longjmp(failure, 1);
}

inline void stop(State state) {
    now->state = state;
    if (_setjmp(now->stopped) == 0) {
        _longjmp(scheduler, 1);
    }
}

inline void together(Op op) {
    now->op = op;
    stop(WARP);
}

inline void body() {
    kernel(arguments);
    now->state = DONE;
    _longjmp(scheduler, 1);
}

inline float floatOf(unsigned half) {
    int exponent = half >> 10 & 31;
    int fraction = half & 1023;
    float value = exponent == 31 ? (fraction ? NAN : INFINITY)
            : exponent == 0      ? std::ldexp((float)fraction, -24)
                                 : std::ldexp((float)(fraction + 1024), exponent - 25);
    return half & 0x8000 ? -value : value;
}

inline unsigned short halfOf(float x) {
    uint32_t bits;
    std::memcpy(&bits, &x, 4);
    unsigned sign = bits >> 16 & 0x8000;
    float size = std::fabs(x);
    if (std::isnan(x)) {
        return sign | 0x7fff;
    }
    if (size >= 65520) {
        return sign | 0x7c00;
    }
    if (size < 6.103515625e-5f) {
        return sign | (unsigned)std::nearbyint(std::ldexp(size, 24));
    }
    uint32_t magnitude = bits & 0x7fffffff;
    uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
    return sign | ((rounded >> 13) - (112 << 10));
}

inline float lowHalf(unsigned x) { return floatOf(x & 0xffff); }

inline float highHalf(unsigned x) { return floatOf(x >> 16); }

inline void checkShared(unsigned address, unsigned bytes) {
    if (address + bytes > shared.size() || address % 16 != 0) {
        fail("shared memory at " + std::to_string(address) + " of " + std::to_string(shared.size()));
    }
}

inline void perform(const Copy& copy) {
    if (copy.there) {
        std::memcpy(&shared[copy.target], copy.source, 16);
    } else {
        std::memset(&shared[copy.target], 0, 16);
    }
}

// Register i of lane l holds elements 2 (l % 4) and the next of row l / 4 of matrix i.
inline void loadAll(Fiber* lanes, bool transposed) {
    for (int matrix = 0; matrix < 4; matrix++) {
        unsigned banks = 0;
        for (int row = 0; row < 8; row++) {
            unsigned address = lanes[matrix * 8 + row].address;
            checkShared(address, 16);
            unsigned bank = 1u << (address / 16 % 8);
            conflicts += (banks & bank) != 0;
            banks |= bank;
        }
        for (int lane = 0; lane < 32; lane++) {
            unsigned result = 0;
            for (int i = 0; i < 2; i++) {
                int row = transposed ? lane % 4 * 2 + i : lane / 4;
                int column = transposed ? lane / 4 : lane % 4 * 2 + i;
                unsigned short half;
                std::memcpy(&half, &shared[lanes[matrix * 8 + row].address + 2 * column], 2);
                result |= (unsigned)half << (16 * i);
            }
            lanes[lane].loaded[matrix] = result;
        }
    }
}

inline void multiplyAll(Fiber* lanes) {
    static float a[16][16];
    static float b[16][8];
    for (int lane = 0; lane < 32; lane++) {
        int group = lane / 4;
        int column = lane % 4 * 2;
        const Fiber& f = lanes[lane];
        for (int i = 0; i < 4; i++) {
            a[group + i % 2 * 8][column + i / 2 * 8] = lowHalf(f.a[i]);
            a[group + i % 2 * 8][column + i / 2 * 8 + 1] = highHalf(f.a[i]);
        }
        b[column][group] = lowHalf(f.b0);
        b[column + 1][group] = highHalf(f.b0);
        b[column + 8][group] = lowHalf(f.b1);
        b[column + 9][group] = highHalf(f.b1);
    }
    for (int lane = 0; lane < 32; lane++) {
        for (int i = 0; i < 4; i++) {
            int row = lane / 4 + i / 2 * 8;
            int column = lane % 4 * 2 + i % 2;
            float sum = lanes[lane].c[i];
            for (int k = 0; k < 16; k++) {
                sum += a[row][k] * b[k][column];
            }
            lanes[lane].c[i] = sum;
        }
    }
}

inline void perform(Fiber* lanes) {
    for (int lane = 1; lane < 32; lane++) {
        if (lanes[lane].op != lanes[0].op) {
            now = &lanes[lane];
            fail("the lanes of a warp do different things");
        }
    }
    switch (lanes[0].op) {
        case SHUFFLE:
            for (int lane = 0; lane < 32; lane++) {
                lanes[lane].result = lanes[lanes[lane].argument & 31].value;
            }
            break;
        case BALLOT: {
            unsigned mask = 0;
            for (int lane = 0; lane < 32; lane++) {
                mask |= (unsigned)(lanes[lane].value != 0) << lane;
            }
            for (int lane = 0; lane < 32; lane++) {
                lanes[lane].result = mask;
            }
            break;
        }
        case LOAD: loadAll(lanes, false); break;
        case LOAD_TRANSPOSED: loadAll(lanes, true); break;
        case PRODUCT: multiplyAll(lanes); break;
        case BARRIER: break;
    }
    for (int lane = 0; lane < 32; lane++) {
        lanes[lane].state = READY;
    }
}

inline void resume(Fiber* fiber) {
    now = fiber;
    if (_setjmp(scheduler) == 0) {
        if (fiber->started) {
            _longjmp(fiber->stopped, 1);
        }
        fiber->started = true;
        setcontext(&fiber->start);
    }
}

// Runs a warp as far as it comes alone.
inline void runWarp(Fiber* lanes) {
    for (;;) {
        int waiting = 0;
        for (int lane = 0; lane < 32; lane++) {
            if (lanes[lane].state == READY) {
                resume(&lanes[lane]);
            }
            waiting += lanes[lane].state == WARP;
        }
        if (waiting == 0) {
            return;
        }
        if (waiting != 32) {
            fail("some lanes of a warp wait for others that have gone elsewhere");
        }
        perform(lanes);
    }
}

inline void runBlock(unsigned threads, bool backwards) {
    for (unsigned i = 0; i < threads; i++) {
        Fiber& fiber = fibers[i];
        fiber.place = {i, 0, 0};
        fiber.state = READY;
        fiber.started = false;
        fiber.copies.clear();
        fiber.groups = 0;
        fiber.stack.resize(STACK);
        getcontext(&fiber.start);
        fiber.start.uc_stack.ss_sp = fiber.stack.data();
        fiber.start.uc_stack.ss_size = STACK;
        fiber.start.uc_link = nullptr;
        makecontext(&fiber.start, body, 0);
    }
    unsigned warps = threads / 32;
    for (;;) {
        for (unsigned w = 0; w < warps; w++) {
            runWarp(&fibers[(backwards ? warps - 1 - w : w) * 32]);
        }
        unsigned done = 0;
        for (unsigned i = 0; i < threads; i++) {
            done += fibers[i].state == DONE;
        }
        if (done == threads) {
            return;
        }
        if (done > 0) {
            fail("some threads wait at a barrier, others have ended");
        }
        for (unsigned i = 0; i < threads; i++) {
            fibers[i].state = READY;
        }
    }
}

}  // namespace emulator

inline void __syncthreads() { emulator::stop(emulator::BLOCK); }

inline void warpBarrier() { emulator::together(emulator::BARRIER); }

inline unsigned sharedAddress(const void* pointer) {
    return (unsigned)((const unsigned char*)pointer - emulator::shared.data());
}

inline float power2(float x) { return std::exp2(x); }

inline float reciprocal(float x) { return 1 / x; }

inline unsigned short toHalf(float x) { return emulator::halfOf(x); }

inline unsigned packHalves(float low, float high) {
    return emulator::halfOf(low) | (unsigned)emulator::halfOf(high) << 16;
}

inline double shuffleDouble(double x, int lane) {
    emulator::now->value = x;
    emulator::now->argument = lane;
    emulator::together(emulator::SHUFFLE);
    return emulator::now->result;
}

inline double shuffleXorDouble(double x, int mask) {
    return shuffleDouble(x, (int)(emulator::now->place.x & 31) ^ mask);
}

inline double shuffleUpDouble(double x, int step) {
    int lane = (int)(emulator::now->place.x & 31);
    return shuffleDouble(x, lane < step ? lane : lane - step);
}

inline float shuffleXor(float x, int mask) { return (float)shuffleXorDouble(x, mask); }

inline unsigned lanesWith(bool x) {
    emulator::now->value = x;
    emulator::together(emulator::BALLOT);
    return (unsigned)emulator::now->result;
}

inline bool anyLane(bool x) { return lanesWith(x) != 0; }

inline int bitCount(unsigned x) { return __builtin_popcount(x); }

inline unsigned floatBits(float x) {
    unsigned bits;
    std::memcpy(&bits, &x, 4);
    return bits;
}

template <typename T>
inline T addAtomically(T* target, T x) {
    T before = *target;
    *target += x;
    return before;
}

inline void maxAtomically(int* target, int x) { *target = *target > x ? *target : x; }

inline void copy16(unsigned target, const void* source, bool there) {
    using namespace emulator;
    checkShared(target, 16);
    if (there) {
        bool allowed = false;
        for (const Region& r : regions) {
            const char* from = (const char*)source;
            allowed |= from >= r.start && from + 16 <= r.start + r.bytes;
        }
        if (!allowed || (uintptr_t)source % 16 != 0) {
            fail("a copy from outside of what was allocated");
        }
    }
    Copy copy{target, source, there, now->groups};
    if (late) {
        std::memset(&shared[target], 0xff, 16);
        now->copies.push_back(copy);
    } else {
        perform(copy);
    }
}

inline void commitCopies() { emulator::now->groups++; }

template <int PENDING>
inline void waitCopies() {
    using namespace emulator;
    std::vector<Copy> left;
    for (const Copy& copy : now->copies) {
        if (copy.group < now->groups - PENDING) {
            perform(copy);
        } else {
            left.push_back(copy);
        }
    }
    now->copies = left;
}

inline void loadMatrices(unsigned (&r)[4], unsigned address) {
    emulator::now->address = address;
    emulator::now->loaded = r;
    emulator::together(emulator::LOAD);
}

inline void loadTransposed(unsigned (&r)[4], unsigned address) {
    emulator::now->address = address;
    emulator::now->loaded = r;
    emulator::together(emulator::LOAD_TRANSPOSED);
}

inline void multiplyAdd(float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    emulator::now->a = a;
    emulator::now->b0 = b0;
    emulator::now->b1 = b1;
    emulator::now->c = c;
    emulator::together(emulator::PRODUCT);
}

// Runs a kernel over a grid. 0, or what emulator_message says.
extern "C" int emulator_run(
        void* kernel,
        const void* arguments,
        long argumentBytes,
        const unsigned* grid,
        unsigned threads,
        long sharedBytes,
        const void* regions,
        long regionCount,
        int mode) {
    using namespace emulator;
    emulator::kernel = (Kernel)kernel;
    std::memset(&emulator::arguments, 0, sizeof(Blob));
    std::memcpy(&emulator::arguments, arguments, argumentBytes);
    const Region* all = (const Region*)regions;
    emulator::regions.assign(all, all + regionCount);
    late = mode & 1;
    conflicts = 0;
    now = nullptr;
    gridDim = {grid[0], grid[1], grid[2]};
    blockDim = {threads, 1, 1};
    if (fibers.size() < threads) {
        fibers.resize(threads);
    }
    if (_setjmp(failure) != 0) {
        return 1;
    }
    for (unsigned z = 0; z < grid[2]; z++) {
        for (unsigned y = 0; y < grid[1]; y++) {
            for (unsigned x = 0; x < grid[0]; x++) {
                blockIdx = {x, y, z};
                shared.assign(sharedBytes, 0xff);
                runBlock(threads, mode & 2);
            }
        }
    }
    return 0;
}

extern "C" const char* emulator_message() { return emulator::message.c_str(); }

extern "C" long emulator_conflicts() { return emulator::conflicts; }
