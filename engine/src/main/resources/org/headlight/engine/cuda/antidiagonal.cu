// The block scores of XAttention (Xu et al. 2025). A group of S queries, in reverse, by a group of S
// keys is one product over S x D numbers: the sum of an antidiagonal. Of each group of queries and
// each block of keys one number is kept, the log-sum-exp of its products; then a softmax over the
// groups of keys and sums over blocks need no more than these.
//
// Macros: D, a multiple of 16. Needs compute capability 8.0.

#define TILE 128
#define STEP 32
#define PITCH (STEP + 8)
#define STAGES 3
#define STAGE_BYTES (2 * TILE * PITCH * 2)
#define THREADS 256
#define TILE_PITCH (TILE + 1)

// The layout is known to ScoreArguments.java.
struct Scores {
    const half_t* q;        // [heads, queries, D]
    const half_t* k;        // [keyHeads, keys, D]
    float* partial;         // [heads, groups of queries, blocks of keys], in base 2
    float* sums;            // [heads, blocks of queries, blocks of keys]
    int firstHead;          // of the heads that partial and sums hold
    int heads;              // query heads of q
    int keyHeads;
    int queries;
    int keys;
    int stride;
    int perBlock;           // groups of a block, a divisor of TILE
    int causal;
    int back;               // groups back that a group sees besides its own; -1 for all
    float factor;           // scale / stride, times log2 e
};

__device__ __forceinline__ int ceilDiv(int a, int b) { return (a + b - 1) / b; }

__device__ __forceinline__ int positionOf(const Scores& p, int row) {
    return row + ceilDiv(p.keys, p.stride) - ceilDiv(p.queries, p.stride);
}

__device__ __forceinline__ int firstGroup(const Scores& p, int row) {
    return p.back < 0 ? 0 : greater(0, positionOf(p, row) - p.back);
}

__device__ __forceinline__ int endGroup(const Scores& p, int row) {
    int all = ceilDiv(p.keys, p.stride);
    return p.causal ? lesser(all, positionOf(p, row) + 1) : all;
}

// One slice of the groups of queries and of keys.
__device__ __forceinline__ void fetchSlice(
        unsigned target, const Scores& p, const half_t* q, const half_t* k, int row0, int col0, int slice) {
    int parts = p.stride * (D / 8);
#pragma unroll
    for (int i = 0; i < 2 * TILE * STEP / 8; i += THREADS) {
        int piece = i + threadIdx.x;
        bool key = piece >= TILE * STEP / 8;
        int row = piece / (STEP / 8) % TILE;
        int part = slice * (STEP / 8) + piece % (STEP / 8);
        int t = part / (D / 8);
        int column = part % (D / 8) * 8;
        int group = (key ? col0 : row0) + row;
        int token = group * p.stride + (key ? t : p.stride - 1 - t);
        bool there = part < parts && token < (key ? p.keys : p.queries);
        const half_t* source = (key ? k : q) + (there ? (long long)token * D + column : 0);
        unsigned at = target + (((key ? TILE : 0) + row) * PITCH + piece % (STEP / 8) * 8) * 2;
        copy16(at, source, there);
    }
}

extern "C" __global__ void __launch_bounds__(THREADS, 2) antidiagonal(const Scores p) {
    DYNAMIC_SHARED(memory);
    int rows = ceilDiv(p.queries, p.stride);
    int row0 = (gridDim.y - 1 - blockIdx.y) * TILE;
    int col0 = blockIdx.x * TILE;
    int last = lesser(row0 + TILE, rows) - 1;
    if (col0 >= endGroup(p, last) || col0 + TILE <= firstGroup(p, row0)) {
        return;
    }
    int head = p.firstHead + blockIdx.z;
    const half_t* q = p.q + (long long)head * p.queries * D;
    const half_t* k = p.k + (long long)(head / (p.heads / p.keyHeads)) * p.keys * D;
    unsigned base = sharedAddress(memory);
    int lane = threadIdx.x & 31;
    int warpRow = (threadIdx.x >> 6) * 32;
    int warpCol = (threadIdx.x >> 5 & 1) * 64;
    float s[2][8][4];
#pragma unroll
    for (int m = 0; m < 2; m++) {
#pragma unroll
        for (int n = 0; n < 8; n++) {
            s[m][n][0] = s[m][n][1] = s[m][n][2] = s[m][n][3] = 0;
        }
    }
    int slices = ceilDiv(p.stride * D, STEP);
#pragma unroll
    for (int i = 0; i < STAGES - 1; i++) {
        if (i < slices) {
            fetchSlice(base + i * STAGE_BYTES, p, q, k, row0, col0, i);
        }
        commitCopies();
    }
    unsigned a0 = base + ((warpRow + (lane & 15)) * PITCH + (lane >> 4) * 8) * 2;
    unsigned b0 = base
            + ((TILE + warpCol + (lane & 7) + (lane >> 4) * 8) * PITCH + (lane >> 3 & 1) * 8) * 2;
    int stage = 0;
    int free = STAGES - 1;
    for (int i = 0; i < slices; i++) {
        waitCopies<STAGES - 2>();
        __syncthreads();
        if (i + STAGES - 1 < slices) {
            fetchSlice(base + free * STAGE_BYTES, p, q, k, row0, col0, i + STAGES - 1);
        }
        commitCopies();
#pragma unroll
        for (int step = 0; step < STEP; step += 16) {
            unsigned a[2][4];
#pragma unroll
            for (int m = 0; m < 2; m++) {
                loadMatrices(a[m], a0 + stage * STAGE_BYTES + (m * 16 * PITCH + step) * 2);
            }
#pragma unroll
            for (int n = 0; n < 4; n++) {
                unsigned b[4];
                loadMatrices(b, b0 + stage * STAGE_BYTES + (n * 16 * PITCH + step) * 2);
#pragma unroll
                for (int m = 0; m < 2; m++) {
                    multiplyAdd(s[m][2 * n], a[m], b[0], b[1]);
                    multiplyAdd(s[m][2 * n + 1], a[m], b[2], b[3]);
                }
            }
        }
        stage = stage + 1 == STAGES ? 0 : stage + 1;
        free = free + 1 == STAGES ? 0 : free + 1;
    }
    waitCopies<0>();
    __syncthreads();
    float* tile = (float*)memory;
#pragma unroll
    for (int m = 0; m < 2; m++) {
#pragma unroll
        for (int n = 0; n < 8; n++) {
#pragma unroll
            for (int c = 0; c < 4; c++) {
                int row = warpRow + m * 16 + (lane >> 2) + (c >> 1) * 8;
                int column = warpCol + n * 8 + (lane & 3) * 2 + (c & 1);
                tile[row * TILE_PITCH + column] = s[m][n][c] * p.factor;
            }
        }
    }
    __syncthreads();
    int columns = ceilDiv(ceilDiv(p.keys, p.stride), p.perBlock);
    for (int i = threadIdx.x; i < TILE * (TILE / p.perBlock); i += THREADS) {
        int row = i % TILE;
        int block = i / TILE;
        int column = col0 / p.perBlock + block;
        if (row0 + row >= rows || column >= columns) {
            continue;
        }
        int from = greater(block * p.perBlock, firstGroup(p, row0 + row) - col0);
        int to = lesser((block + 1) * p.perBlock, endGroup(p, row0 + row) - col0);
        const float* own = tile + row * TILE_PITCH;
        float most = MINUS_INFINITY;
        for (int j = from; j < to; j++) {
            most = fmaxf(most, own[j]);
        }
        float sum = 0;
        for (int j = from; j < to; j++) {
            sum += power2(own[j] - most);
        }
        long long at = ((long long)blockIdx.z * rows + row0 + row) * columns + column;
        p.partial[at] = from < to ? most + log2f(sum) : MINUS_INFINITY;
    }
}

// Sums of the softmax over blocks; one block of threads for each block of queries and head.
extern "C" __global__ void __launch_bounds__(THREADS) block_sums(const Scores p) {
    __shared__ float norms[TILE];
    int rows = ceilDiv(p.queries, p.stride);
    int columns = ceilDiv(ceilDiv(p.keys, p.stride), p.perBlock);
    int row0 = blockIdx.x * p.perBlock;
    int count = lesser(p.perBlock, rows - row0);
    const float* partial = p.partial + ((long long)blockIdx.y * rows + row0) * columns;
    int lane = threadIdx.x & 31;
    for (int row = threadIdx.x >> 5; row < count; row += THREADS / 32) {
        int from = firstGroup(p, row0 + row) / p.perBlock;
        int to = ceilDiv(greater(0, endGroup(p, row0 + row)), p.perBlock);
        float most = MINUS_INFINITY;
        for (int c = from + lane; c < to; c += 32) {
            most = fmaxf(most, partial[(long long)row * columns + c]);
        }
#pragma unroll
        for (int mask = 16; mask > 0; mask >>= 1) {
            most = fmaxf(most, shuffleXor(most, mask));
        }
        float sum = 0;
        for (int c = from + lane; c < to; c += 32) {
            sum += most == MINUS_INFINITY ? 0 : power2(partial[(long long)row * columns + c] - most);
        }
#pragma unroll
        for (int mask = 16; mask > 0; mask >>= 1) {
            sum += shuffleXor(sum, mask);
        }
        if (lane == 0) {
            norms[row] = most + log2f(sum);
        }
    }
    __syncthreads();
    float* sums = p.sums + ((long long)blockIdx.y * gridDim.x + blockIdx.x) * columns;
    for (int c = threadIdx.x; c < columns; c += THREADS) {
        float sum = 0;
        for (int row = 0; row < count; row++) {
            int from = firstGroup(p, row0 + row) / p.perBlock;
            int to = ceilDiv(greater(0, endGroup(p, row0 + row)), p.perBlock);
            if (c >= from && c < to) {
                sum += power2(partial[(long long)row * columns + c] - norms[row]);
            }
        }
        sums[c] = sum;
    }
}
