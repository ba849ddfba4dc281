// FlashAttention in float throughout, by plain multiply-adds: for float models and for comparison.
// Runs on every processor that has the shared memory.
//
// Macros: D and DV, multiples of 16; ROWS and KEYS, multiples of 16; SOFT_CAP, 0 or 1.
//
// 16 x 16 threads: thread (y, x) has rows y + 16 i and keys, or channels, x + 16 j. Keys and values
// take turns in the same shared memory.

#define THREADS 256
#define Q_PITCH (D + 4)
#define KV_PITCH ((D > DV ? D : DV) + 4)
#define P_PITCH (KEYS + 1)
#define MY_ROWS (ROWS / 16)
#define MY_KEYS (KEYS / 16)

template <int WIDTH>
__device__ __forceinline__ void fetchFloats(
        float* target, const float* head, const Attend& p, const KeyTile& t) {
    for (int i = threadIdx.x; i < KEYS * WIDTH / 4; i += THREADS) {
        int row = i / (WIDTH / 4);
        int part = i % (WIDTH / 4) * 4;
        int key = keyOf(p, t, row);
        float4 value = make_float4(0, 0, 0, 0);
        if (key >= 0) {
            value = *(const float4*)(head + (long long)key * WIDTH + part);
        }
        *(float4*)(target + row * KV_PITCH + part) = value;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS) flash_fp32(const Attend p) {
    DYNAMIC_SHARED(memory);
    __shared__ int places[KEYS];
    float* ownQueries = (float*)memory;
    float* pieces = ownQueries + ROWS * Q_PITCH;
    float* weights = pieces + KEYS * KV_PITCH;
    int x = threadIdx.x & 15;
    int y = threadIdx.x >> 4;
    int head;
    int row0 = rowsOfBlock(p, head);
    int keyHead = head / (p.heads / p.keyHeads);
    const float* allQueries = (const float*)p.q + (long long)head * p.queries * D;
    const float* allKeys = (const float*)p.k + (long long)keyHead * p.keys * D;
    const float* allValues = (const float*)p.v + (long long)keyHead * p.keys * DV;
    for (int i = threadIdx.x; i < ROWS * D / 4; i += THREADS) {
        int row = i / (D / 4);
        int part = i % (D / 4) * 4;
        float4 value = make_float4(0, 0, 0, 0);
        if (row0 + row < p.queries) {
            value = *(const float4*)(allQueries + (long long)(row0 + row) * D + part);
        }
        *(float4*)(ownQueries + row * Q_PITCH + part) = value;
    }
    float o[MY_ROWS][DV / 16];
    float top[MY_ROWS];
    float sum[MY_ROWS];
#pragma unroll
    for (int r = 0; r < MY_ROWS; r++) {
        top[r] = MINUS_INFINITY;
        sum[r] = 0;
#pragma unroll
        for (int c = 0; c < DV / 16; c++) {
            o[r][c] = 0;
        }
    }
    Walk walk = walkOf(p, head, row0);
    for (KeyTile tile = advance(p, walk); tile.count > 0; tile = advance(p, walk)) {
        __syncthreads();
        fetchFloats<D>(pieces, allKeys, p, tile);
        for (int j = threadIdx.x; j < KEYS; j += THREADS) {
            places[j] = keyOf(p, tile, j);
        }
        __syncthreads();
        float s[MY_ROWS][MY_KEYS];
#pragma unroll
        for (int r = 0; r < MY_ROWS; r++) {
#pragma unroll
            for (int c = 0; c < MY_KEYS; c++) {
                s[r][c] = 0;
            }
        }
#pragma unroll 4
        for (int d = 0; d < D; d += 4) {
            float4 k[MY_KEYS];
#pragma unroll
            for (int c = 0; c < MY_KEYS; c++) {
                k[c] = *(const float4*)(pieces + (x + 16 * c) * KV_PITCH + d);
            }
#pragma unroll
            for (int r = 0; r < MY_ROWS; r++) {
                float4 q = *(const float4*)(ownQueries + (y + 16 * r) * Q_PITCH + d);
#pragma unroll
                for (int c = 0; c < MY_KEYS; c++) {
                    s[r][c] += q.x * k[c].x;
                    s[r][c] += q.y * k[c].y;
                    s[r][c] += q.z * k[c].z;
                    s[r][c] += q.w * k[c].w;
                }
            }
        }
        __syncthreads();
        fetchFloats<DV>(pieces, allValues, p, tile);
#pragma unroll
        for (int r = 0; r < MY_ROWS; r++) {
            int row = row0 + y + 16 * r;
            int low = columnOf(tile, places, lowOf(p, row, tile));
            int high = columnOf(tile, places, highOf(p, row, tile));
            float most = top[r];
#pragma unroll
            for (int c = 0; c < MY_KEYS; c++) {
#if SOFT_CAP
                s[r][c] = softCapped(s[r][c], 2 * LOG2E * p.scale / p.softCap, p.softCap * LOG2E);
#else
                s[r][c] *= p.scale * LOG2E;
#endif
                bool seen = x + 16 * c >= low && x + 16 * c < high;
                s[r][c] = seen ? s[r][c] : MINUS_INFINITY;
                most = fmaxf(most, s[r][c]);
            }
            most = rowMax(most);
            float base = most == MINUS_INFINITY ? 0 : most;
            float shrink = power2(top[r] - base);
            top[r] = most;
            sum[r] *= shrink;
#pragma unroll
            for (int c = 0; c < MY_KEYS; c++) {
                float weight = power2(s[r][c] - base);
                sum[r] += weight;
                weights[(y + 16 * r) * P_PITCH + x + 16 * c] = weight;
            }
#pragma unroll
            for (int c = 0; c < DV / 16; c++) {
                o[r][c] *= shrink;
            }
        }
        __syncthreads();
#pragma unroll 2
        for (int key = 0; key < KEYS; key++) {
            float weight[MY_ROWS];
#pragma unroll
            for (int r = 0; r < MY_ROWS; r++) {
                weight[r] = weights[(y + 16 * r) * P_PITCH + key];
            }
#pragma unroll
            for (int c = 0; c < DV / 16; c++) {
                float value = pieces[key * KV_PITCH + x + 16 * c];
#pragma unroll
                for (int r = 0; r < MY_ROWS; r++) {
                    o[r][c] += weight[r] * value;
                }
            }
        }
    }
#pragma unroll
    for (int r = 0; r < MY_ROWS; r++) {
        int row = row0 + y + 16 * r;
        float lse;
        float norm = finish(p, head, top[r], rowSum(sum[r]), lse);
        if (row < p.queries) {
            long long at = (long long)head * p.queries + row;
            if (x == 0) {
                p.lse[at] = lse;
            }
#pragma unroll
            for (int c = 0; c < DV / 16; c++) {
                if (x + 16 * c < p.outWidth) {
                    p.out[at * p.outWidth + x + 16 * c] = o[r][c] * norm;
                }
            }
        }
    }
}
