// Data to measure with, and what the matrix units do at most.

// The layout is known to DeviceAttention.java.
struct Made {
    half_t* target;         // [heads, tokens, width]
    long long count;        // heads x tokens
    int tokens;
    int width;
    int kind;               // 0 queries, 1 keys, 2 values
    int period;             // tokens of a passage
    int topics;
    int unused;
};

__device__ __forceinline__ unsigned mixed(unsigned x) {
    x ^= x >> 16;
    x *= 0x7feb352du;
    x ^= x >> 15;
    x *= 0x846ca68bu;
    return x ^ x >> 16;
}

// About normal, of variance 1, the same for the same numbers.
__device__ __forceinline__ float noise(unsigned a, unsigned b) {
    unsigned x = mixed(a * 0x9e3779b9u + mixed(b + 0x85ebca6bu));
    float sum = 0;
    for (int i = 0; i < 4; i++) {
        sum += (float)(x >> (8 * i) & 255) - 127.5f;
    }
    return sum * (1 / 147.8f);
}

// Tokens like those of a text. The first 32 columns turn with the position, so that near tokens fit;
// the next ones name the topic of a passage, which later passages come back to; one more column
// fits the first token to every query; all have noise.
extern "C" __global__ void __launch_bounds__(256) make_tokens(const Made p) {
    long long step = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < p.count; i += step) {
        unsigned head = (unsigned)(i / p.tokens);
        int token = (int)(i % p.tokens);
        unsigned topic = mixed(token / p.period * 131 + head * 7919) % p.topics;
        for (int c = 0; c < p.width; c++) {
            float value = noise((unsigned)i * 3 + p.kind, c);
            if (p.kind < 2) {
                value *= 0.5f;
                if (c < 32) {
                    float turn = token * power2(-(c / 2) * 0.8f);
                    value += 2 * (c % 2 == 0 ? cosf(turn) : sinf(turn));
                } else if (c < p.width - 1) {
                    value += 1.1f * noise(topic + 65536 * head, c);
                } else {
                    value = p.kind == 0 ? 10 : token == 0 ? 10 : 0;
                }
            }
            p.target[i * p.width + c] = toHalf(value);
        }
    }
}

#ifdef PEAK

struct Peak {
    float* target;
    long long rounds;
};

// Products of numbers that stay in registers: 8 of 16 x 8 x 16 a round and warp.
extern "C" __global__ void __launch_bounds__(256) peak(const Peak p) {
    float c[8][4];
    unsigned a[4];
#pragma unroll
    for (int i = 0; i < 4; i++) {
        a[i] = threadIdx.x * 0x10001u + i;
    }
#pragma unroll
    for (int i = 0; i < 8; i++) {
        c[i][0] = c[i][1] = c[i][2] = c[i][3] = 0;
    }
    for (long long round = 0; round < p.rounds; round++) {
#pragma unroll
        for (int i = 0; i < 8; i++) {
            multiplyAdd(c[i], a, a[i & 3], a[i + 1 & 3]);
        }
    }
    float sum = 0;
#pragma unroll
    for (int i = 0; i < 8; i++) {
        sum += c[i][0] + c[i][1] + c[i][2] + c[i][3];
    }
    p.target[(long long)blockIdx.x * blockDim.x + threadIdx.x] = sum;
}

#endif
