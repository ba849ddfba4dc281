// FlashAttention (Dao 2023) on halves: products by the matrix units, sums and softmax in float.
// Needs compute capability 8.0.
//
// Macros: D and DV, widths of keys and values, multiples of 16; WARPS; MT, how many times 16 queries
// a warp takes; KEYS; SOFT_CAP, 0 or 1.
//
// A block of threads keeps its queries in shared memory. Keys of the next tile arrive while the
// softmax of this one is computed, values while its scores are. Rows in shared memory are 16 bytes
// longer than their numbers, so that 8 rows one below the other lie in 8 different groups of banks.

#define THREADS (WARPS * 32)
#define K_PITCH (D + 8)
#define V_PITCH (DV + 8)

// Rows of a tile; each thread takes the same columns of every row that it takes.
template <int WIDTH>
__device__ __forceinline__ void fetch(
        unsigned target, const half_t* head, const Attend& p, const KeyTile& t) {
    constexpr int PARTS = WIDTH / 8;
    constexpr int STEP = THREADS / PARTS;
    if (STEP * PARTS != THREADS || KEYS % STEP != 0 || t.gathered) {
#pragma unroll 1
        for (int piece = threadIdx.x; piece < KEYS * PARTS; piece += THREADS) {
            int row = piece / PARTS;
            int part = piece % PARTS * 8;
            int key = keyOf(p, t, row);
            const half_t* source = head + (long long)greater(0, key) * WIDTH + part;
            copy16(target + (row * (WIDTH + 8) + part) * 2, source, key >= 0);
        }
    } else {
        int row = threadIdx.x / PARTS;
        int part = threadIdx.x % PARTS * 8;
        const half_t* source = head + (long long)(t.start + row) * WIDTH + part;
        unsigned at = target + (row * (WIDTH + 8) + part) * 2;
#pragma unroll
        for (int i = 0; i < KEYS; i += STEP) {
            bool there = row + i < t.count;
            copy16(at + i * (WIDTH + 8) * 2, there ? source + i * WIDTH : head, there);
        }
    }
}

__device__ __forceinline__ void fetchQueries(unsigned target, const half_t* head, int row0, int queries) {
#pragma unroll 1
    for (int piece = threadIdx.x; piece < ROWS * D / 8; piece += THREADS) {
        int row = piece / (D / 8);
        int part = piece % (D / 8) * 8;
        bool there = row0 + row < queries;
        const half_t* source = head + (long long)(there ? row0 + row : 0) * D + part;
        copy16(target + (row * K_PITCH + part) * 2, source, there);
    }
}

__device__ __forceinline__ void note(int* places, const Attend& p, const KeyTile& t) {
    for (int i = threadIdx.x; i < KEYS; i += THREADS) {
        places[i] = keyOf(p, t, i);
    }
}

__device__ __forceinline__ void scoresOf(
        float (&s)[MT][KEYS / 8][4], unsigned queries, unsigned keys, int lane) {
#pragma unroll
    for (int m = 0; m < MT; m++) {
#pragma unroll
        for (int n = 0; n < KEYS / 8; n++) {
            s[m][n][0] = s[m][n][1] = s[m][n][2] = s[m][n][3] = 0;
        }
    }
    unsigned a0 = queries + ((lane & 15) * K_PITCH + (lane >> 4) * 8) * 2;
    unsigned b0 = keys + (((lane & 7) + (lane >> 4) * 8) * K_PITCH + (lane >> 3 & 1) * 8) * 2;
#pragma unroll
    for (int k = 0; k < D; k += 16) {
        unsigned a[MT][4];
#pragma unroll
        for (int m = 0; m < MT; m++) {
            loadMatrices(a[m], a0 + (m * 16 * K_PITCH + k) * 2);
        }
#pragma unroll
        for (int n = 0; n < KEYS / 16; n++) {
            unsigned b[4];
            loadMatrices(b, b0 + (n * 16 * K_PITCH + k) * 2);
#pragma unroll
            for (int m = 0; m < MT; m++) {
                multiplyAdd(s[m][2 * n], a[m], b[0], b[1]);
                multiplyAdd(s[m][2 * n + 1], a[m], b[2], b[3]);
            }
        }
    }
}

__device__ __forceinline__ void addValues(
        float (&o)[MT][DV / 8][4], const float (&s)[MT][KEYS / 8][4], unsigned values, int lane) {
    unsigned b0 = values + ((lane & 15) * V_PITCH + (lane >> 4) * 8) * 2;
#pragma unroll
    for (int k = 0; k < KEYS / 16; k++) {
        unsigned a[MT][4];
#pragma unroll
        for (int m = 0; m < MT; m++) {
            a[m][0] = packHalves(s[m][2 * k][0], s[m][2 * k][1]);
            a[m][1] = packHalves(s[m][2 * k][2], s[m][2 * k][3]);
            a[m][2] = packHalves(s[m][2 * k + 1][0], s[m][2 * k + 1][1]);
            a[m][3] = packHalves(s[m][2 * k + 1][2], s[m][2 * k + 1][3]);
        }
#pragma unroll
        for (int n = 0; n < DV / 16; n++) {
            unsigned b[4];
            loadTransposed(b, b0 + (k * 16 * V_PITCH + n * 16) * 2);
#pragma unroll
            for (int m = 0; m < MT; m++) {
                multiplyAdd(o[m][2 * n], a[m], b[0], b[1]);
                multiplyAdd(o[m][2 * n + 1], a[m], b[2], b[3]);
            }
        }
    }
}

// Scores of keys that a query does not see: of each row a run of the tile's keys is left.
__device__ __forceinline__ void hide(
        float (&s)[MT][KEYS / 8][4],
        const Attend& p,
        const KeyTile& t,
        const int* places,
        int from,
        int lane) {
#pragma unroll
    for (int m = 0; m < MT; m++) {
#pragma unroll
        for (int h = 0; h < 2; h++) {
            int row = from + m * 16 + (lane >> 2) + h * 8;
            int low = columnOf(t, places, lowOf(p, row, t)) - (lane & 3) * 2;
            int high = columnOf(t, places, highOf(p, row, t)) - (lane & 3) * 2;
#pragma unroll
            for (int n = 0; n < KEYS / 8; n++) {
#pragma unroll
                for (int c = 0; c < 2; c++) {
                    bool seen = n * 8 + c >= low && n * 8 + c < high;
                    s[m][n][2 * h + c] = seen ? s[m][n][2 * h + c] : MINUS_INFINITY;
                }
            }
        }
    }
}

// Turns scores into weights against the largest so far, and shrinks what there is to match.
__device__ __forceinline__ void soften(
        float (&s)[MT][KEYS / 8][4],
        float (&o)[MT][DV / 8][4],
        float (&top)[MT][2],
        float (&sum)[MT][2],
        float factor) {
#pragma unroll
    for (int m = 0; m < MT; m++) {
#pragma unroll
        for (int h = 0; h < 2; h++) {
            float most = top[m][h];
#pragma unroll
            for (int n = 0; n < KEYS / 8; n++) {
                most = fmaxf(most, fmaxf(s[m][n][2 * h], s[m][n][2 * h + 1]));
            }
            most = quadMax(most);
            float base = most == MINUS_INFINITY ? 0 : most * factor;
            float shrink = power2(top[m][h] * factor - base);
            top[m][h] = most;
            float added = 0;
#pragma unroll
            for (int n = 0; n < KEYS / 8; n++) {
#pragma unroll
                for (int c = 2 * h; c < 2 * h + 2; c++) {
                    s[m][n][c] = power2(s[m][n][c] * factor - base);
                    added += s[m][n][c];
                }
            }
            sum[m][h] = sum[m][h] * shrink + added;
#pragma unroll
            for (int n = 0; n < DV / 8; n++) {
                o[m][n][2 * h] *= shrink;
                o[m][n][2 * h + 1] *= shrink;
            }
        }
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) flash_fp16(const Attend p) {
    DYNAMIC_SHARED(memory);
    __shared__ int places[2][KEYS];
    __shared__ KeyTile tiles[2];
    __shared__ Walk walk;
    __shared__ const half_t* allKeys;
    __shared__ const half_t* allValues;
    unsigned ownQueries = sharedAddress(memory);
    unsigned keys = ownQueries + ROWS * K_PITCH * 2;
    unsigned values = keys + KEYS * K_PITCH * 2;
    int lane = threadIdx.x & 31;
    int warp = threadIdx.x >> 5;
    int head;
    int row0 = rowsOfBlock(p, head);
    int from = row0 + warp * MT * 16;
    int to = lesser(from + MT * 16, p.queries) - 1;
#if SOFT_CAP
    float factor = 1;
    float twiceOverCap = 2 * LOG2E * p.scale / p.softCap;
    float cap = p.softCap * LOG2E;
#else
    float factor = p.scale * LOG2E;
#endif
    float o[MT][DV / 8][4];
    float top[MT][2];
    float sum[MT][2];
#pragma unroll
    for (int m = 0; m < MT; m++) {
        top[m][0] = top[m][1] = MINUS_INFINITY;
        sum[m][0] = sum[m][1] = 0;
#pragma unroll
        for (int n = 0; n < DV / 8; n++) {
            o[m][n][0] = o[m][n][1] = o[m][n][2] = o[m][n][3] = 0;
        }
    }
    if (threadIdx.x == 0) {
        long long keyHead = head / (p.heads / p.keyHeads);
        allKeys = (const half_t*)p.k + keyHead * p.keys * D;
        allValues = (const half_t*)p.v + keyHead * p.keys * DV;
        walk = walkOf(p, head, row0);
        tiles[0] = advance(p, walk);
    }
    fetchQueries(ownQueries, (const half_t*)p.q + (long long)head * p.queries * D, row0, p.queries);
    __syncthreads();
    if (tiles[0].count > 0) {
        fetch<D>(keys, allKeys, p, tiles[0]);
        note(places[0], p, tiles[0]);
    }
    commitCopies();
    for (int turn = 0; tiles[turn].count > 0; turn ^= 1) {
        waitCopies<0>();
        __syncthreads();
        fetch<DV>(values, allValues, p, tiles[turn]);
        commitCopies();
        // One thread looks ahead; the others read what it found after the next barrier.
        if (threadIdx.x == 0) {
            tiles[turn ^ 1] = advance(p, walk);
        }
        int first = places[turn][0];
        int last = places[turn][tiles[turn].count - 1];
        bool idle = from >= p.queries || first >= highOf(p, to, tiles[turn])
                || last < lowOf(p, from, tiles[turn]);
        float s[MT][KEYS / 8][4];
        if (!idle) {
            scoresOf(s, ownQueries + warp * MT * 16 * K_PITCH * 2, keys, lane);
        }
        waitCopies<0>();
        __syncthreads();
        if (tiles[turn ^ 1].count > 0) {
            fetch<D>(keys, allKeys, p, tiles[turn ^ 1]);
            note(places[turn ^ 1], p, tiles[turn ^ 1]);
        }
        commitCopies();
        if (!idle) {
#if SOFT_CAP
#pragma unroll
            for (int m = 0; m < MT; m++) {
#pragma unroll
                for (int n = 0; n < KEYS / 8; n++) {
#pragma unroll
                    for (int c = 0; c < 4; c++) {
                        s[m][n][c] = softCapped(s[m][n][c], twiceOverCap, cap);
                    }
                }
            }
#endif
            if (tiles[turn].count < KEYS || first < lowOf(p, to, tiles[turn])
                    || last >= highOf(p, from, tiles[turn])) {
                hide(s, p, tiles[turn], places[turn], from, lane);
            }
            soften(s, o, top, sum, factor);
            addValues(o, s, values, lane);
        }
    }
    waitCopies<0>();
#pragma unroll
    for (int m = 0; m < MT; m++) {
#pragma unroll
        for (int h = 0; h < 2; h++) {
            int row = from + m * 16 + (lane >> 2) + h * 8;
            float lse;
            float whole = quadSum(sum[m][h]);
            float norm = finish(p, head, top[m][h] * factor, whole, lse);
            if (row < p.queries) {
                long long at = (long long)head * p.queries + row;
                if ((lane & 3) == 0) {
                    p.lse[at] = lse;
                }
#pragma unroll
                for (int n = 0; n < DV / 8; n++) {
                    int column = n * 8 + (lane & 3) * 2;
                    if (column < p.outWidth) {
                        p.out[at * p.outWidth + column] = o[m][n][2 * h] * norm;
                    }
                    if (column + 1 < p.outWidth) {
                        p.out[at * p.outWidth + column + 1] = o[m][n][2 * h + 1] * norm;
                    }
                }
            }
        }
    }
}
