// What the kernels need of the processor. Where HEADLIGHT_EMULATED is defined, the same functions
// come from an emulator that runs the kernels on a CPU, to test them.
//
// Shared memory is addressed by 32-bit numbers of bytes wherever copies and matrix loads go.

typedef unsigned short half_t;

#define LOG2E 1.4426950408889634f
#define LN2 0.6931471805599453f

#ifndef HEADLIGHT_EMULATED

#define MINUS_INFINITY __int_as_float(0xff800000)

#define DYNAMIC_SHARED(name) extern __shared__ __align__(16) unsigned char name[]

__device__ __forceinline__ unsigned sharedAddress(const void* pointer) {
    return (unsigned)__cvta_generic_to_shared(pointer);
}

__device__ __forceinline__ float power2(float x) {
    float result;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
    return result;
}

__device__ __forceinline__ float reciprocal(float x) {
    float result;
    asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(result) : "f"(x));
    return result;
}

__device__ __forceinline__ half_t toHalf(float x) {
    half_t result;
    asm("cvt.rn.f16.f32 %0, %1;" : "=h"(result) : "f"(x));
    return result;
}

__device__ __forceinline__ float shuffleXor(float x, int mask) {
    return __shfl_xor_sync(0xffffffffu, x, mask);
}

__device__ __forceinline__ double shuffleXorDouble(double x, int mask) {
    return __shfl_xor_sync(0xffffffffu, x, mask);
}

__device__ __forceinline__ double shuffleUpDouble(double x, int step) {
    return __shfl_up_sync(0xffffffffu, x, step);
}

__device__ __forceinline__ double shuffleDouble(double x, int lane) {
    return __shfl_sync(0xffffffffu, x, lane);
}

__device__ __forceinline__ bool anyLane(bool x) { return __any_sync(0xffffffffu, x) != 0; }

__device__ __forceinline__ unsigned lanesWith(bool x) { return __ballot_sync(0xffffffffu, x); }

__device__ __forceinline__ void warpBarrier() { __syncwarp(); }

__device__ __forceinline__ int bitCount(unsigned x) { return __popc(x); }

__device__ __forceinline__ unsigned floatBits(float x) { return __float_as_uint(x); }

template <typename T>
__device__ __forceinline__ T addAtomically(T* target, T x) {
    return atomicAdd(target, x);
}

__device__ __forceinline__ void maxAtomically(int* target, int x) { atomicMax(target, x); }

#if __CUDA_ARCH__ >= 800

// Two numbers as halves, the first in the lower bits.
__device__ __forceinline__ unsigned packHalves(float low, float high) {
    unsigned result;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(result) : "f"(high), "f"(low));
    return result;
}

// Starts to copy 16 bytes from global to shared memory; zeros where there is nothing to copy.
__device__ __forceinline__ void copy16(unsigned target, const void* source, bool there) {
    int bytes = there ? 16 : 0;
    asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;" ::"r"(target), "l"(source), "r"(bytes)
                 : "memory");
}

__device__ __forceinline__ void commitCopies() {
    asm volatile("cp.async.commit_group;" ::: "memory");
}

// Waits until all but the last few groups of copies have arrived.
template <int PENDING>
__device__ __forceinline__ void waitCopies() {
    asm volatile("cp.async.wait_group %0;" ::"n"(PENDING) : "memory");
}

// Four 8 x 8 matrices of halves; lane i names row i % 8 of matrix i / 8.
__device__ __forceinline__ void loadMatrices(unsigned (&r)[4], unsigned address) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(address)
                 : "memory");
}

__device__ __forceinline__ void loadTransposed(unsigned (&r)[4], unsigned address) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(address)
                 : "memory");
}

// c += a b of 16 x 16 by 16 x 8, halves in, float sums.
__device__ __forceinline__ void multiplyAdd(
        float (&c)[4], const unsigned (&a)[4], unsigned b0, unsigned b1) {
    asm("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 "
        "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

#endif

#endif

__device__ __forceinline__ int lesser(int a, int b) { return a < b ? a : b; }

__device__ __forceinline__ int greater(int a, int b) { return a > b ? a : b; }

// The sums of float registers over the 4 lanes that share a row of a matrix product.
__device__ __forceinline__ float quadSum(float x) {
    x += shuffleXor(x, 1);
    return x + shuffleXor(x, 2);
}

__device__ __forceinline__ float quadMax(float x) {
    x = fmaxf(x, shuffleXor(x, 1));
    return fmaxf(x, shuffleXor(x, 2));
}

// Over the 16 threads that share a row of plain multiply-adds.
__device__ __forceinline__ float rowMax(float x) {
#pragma unroll
    for (int mask = 8; mask > 0; mask >>= 1) {
        x = fmaxf(x, shuffleXor(x, mask));
    }
    return x;
}

__device__ __forceinline__ float rowSum(float x) {
#pragma unroll
    for (int mask = 8; mask > 0; mask >>= 1) {
        x += shuffleXor(x, mask);
    }
    return x;
}

// cap x tanh(x / cap), of x times a factor; to about 1e-6 of the cap.
__device__ __forceinline__ float softCapped(float x, float twiceOverCap, float cap) {
    return cap - 2 * cap * reciprocal(1 + power2(x * twiceOverCap));
}
