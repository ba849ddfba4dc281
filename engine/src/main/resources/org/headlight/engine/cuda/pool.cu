// The map of a head in pixels of 2^level x 2^level cells: the largest and the sum of the
// probabilities in each, and what each row's scores are normalised by. In floats by plain
// multiply-adds, as the processor computes it.
//
// 16 x 16 threads work on tiles of 128 queries and 128 keys: thread (y, x) has rows 4 y to 4 y + 3
// and 64 + 4 y to 64 + 4 y + 3, and keys of x in the same way. Each pixel belongs to one block of
// threads, so that sums come out the same every time.

#define TILE 128
#define HALF 64
#define STEP 16
#define PITCH (TILE + 4)
#define THREADS 256
#define QUADS 32
#define FLOOR (-126.0f)

// Pixels of this level are tiles.
#define TILE_LEVEL 7

// What the host hands over; the layout is known to PoolCall.java.
struct Pool {
    const float* q;             // [rows, depth]
    const float* k;             // [keys, depth]
    const int* firsts;          // of each row: the first key that it sees,
    const int* ends;            // and one after the last
    const unsigned* hidden;     // a bit for each key, set where it is left out; or nothing
    const int* excluded;        // the keys that are left out
    float* tops;                // of each row: its largest score,
    float* inverses;            // one over its sum,
    float* shares;              // and what share of it lay on keys that are left out
    const int* starts;          // of each row of pixels: its first one,
    const int* stops;           // one after its last,
    const int* places;          // and where its first one lies
    float* largest;             // of each pixel
    float* sums;                // of each pixel; nothing where pixels are cells
    float* least;               // the least positive probability of each block of threads
    double sink;                // in base 2; minus infinity for none
    int rows;
    int keys;
    int depth;                  // a multiple of 16
    int level;
    int firstBlock;             // of this launch
    int excludedCount;
    float factor;               // makes scores, in base 2
    float cap;                  // soft cap in base 2; 0 for none
    float overCap;
    int unused;
};

// A part of the channels of a tile's queries and keys, channels first.
struct Piece {
    float4 q[STEP][PITCH / 4];
    float4 k[STEP][PITCH / 4];
};

struct Rows {
    int first[TILE];
    int end[TILE];
    float top[TILE];
    float inverse[TILE];
};

__device__ __forceinline__ int placeOf(int thread, int i) {
    return i < 4 ? 4 * thread + i : HALF + 4 * thread + i - 4;
}

// cap x tanh(score / cap), by the quotient of polynomials that the processor takes.
__device__ __forceinline__ float capped(const Pool& p, float score) {
    float x = fmaxf(-7.905311f, fminf(7.905311f, score * p.overCap));
    float y = x * x;
    float above = -2.7607684e-16f * y + 2.000188e-13f;
    above = above * y - 8.604672e-11f;
    above = above * y + 5.1222973e-8f;
    above = above * y + 1.48572235e-5f;
    above = above * y + 6.3726195e-4f;
    above = above * y + 4.8935246e-3f;
    float below = 1.1982584e-6f * y + 1.1853471e-4f;
    below = below * y + 2.2684347e-3f;
    below = below * y + 4.893525e-3f;
    return p.cap * (x * above / below);
}

// What rows from row0 on see; with their norms once these are known.
template <bool NORMS>
__device__ __forceinline__ void enter(const Pool& p, int row0, Rows& rows) {
    __syncthreads();
    int i = threadIdx.x;
    if (i < TILE) {
        bool there = row0 + i < p.rows;
        rows.first[i] = there ? p.firsts[row0 + i] : 0;
        rows.end[i] = there ? p.ends[row0 + i] : 0;
        if (NORMS) {
            rows.top[i] = there ? p.tops[row0 + i] : 0;
            rows.inverse[i] = there ? p.inverses[row0 + i] : 0;
        }
    }
    __syncthreads();
}

// The keys that any of the rows sees.
__device__ __forceinline__ void span(const Rows& rows, int& low, int& high) {
    low = 0x7fffffff;
    high = 0;
#pragma unroll 4
    for (int i = 0; i < TILE; i++) {
        if (rows.end[i] > rows.first[i]) {
            low = lesser(low, rows.first[i]);
            high = greater(high, rows.end[i]);
        }
    }
    low = lesser(low, high);
}

__device__ __forceinline__ float4 fetched(
        const float* from, int rows, int depth, int row, int column) {
    return row < rows ? *(const float4*)(from + (long long)row * depth + column)
                      : make_float4(0, 0, 0, 0);
}

__device__ __forceinline__ void put(
        float4 (&target)[STEP][PITCH / 4], int row, int column, float4 value, float factor) {
    float* at = (float*)&target[column][0] + row;
    at[0] = value.x * factor;
    at[PITCH] = value.y * factor;
    at[2 * PITCH] = value.z * factor;
    at[3 * PITCH] = value.w * factor;
}

__device__ __forceinline__ void multiply(const Piece& piece, int x, int y, float (&s)[8][8]) {
#pragma unroll
    for (int d = 0; d < STEP; d++) {
        float4 a = piece.q[d][y];
        float4 b = piece.q[d][QUADS / 2 + y];
        float4 e = piece.k[d][x];
        float4 f = piece.k[d][QUADS / 2 + x];
        float q[8] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
        float k[8] = {e.x, e.y, e.z, e.w, f.x, f.y, f.z, f.w};
#pragma unroll
        for (int r = 0; r < 8; r++) {
#pragma unroll
            for (int c = 0; c < 8; c++) {
                s[r][c] += q[r] * k[c];
            }
        }
    }
}

// The scores of a tile, minus infinity where a row does not see a key. The next part of the
// channels is on its way while one is worked on. All threads are through when this returns.
__device__ __forceinline__ void score(
        const Pool& p, Piece (&pieces)[2], const Rows& rows, int row0, int key0, float (&s)[8][8]) {
    int x = threadIdx.x & 15;
    int y = threadIdx.x >> 4;
    int row = threadIdx.x >> 2;
    int column = (threadIdx.x & 3) * 4;
#pragma unroll
    for (int r = 0; r < 8; r++) {
#pragma unroll
        for (int c = 0; c < 8; c++) {
            s[r][c] = 0;
        }
    }
    float4 next[4];
    int now = 0;
    for (int d = 0; d <= p.depth; d += STEP) {
        bool more = d < p.depth;
        if (more) {
#pragma unroll
            for (int i = 0; i < 2; i++) {
                int at = row + i * HALF;
                next[i] = fetched(p.q, p.rows, p.depth, row0 + at, d + column);
                next[2 + i] = fetched(p.k, p.keys, p.depth, key0 + at, d + column);
            }
        }
        if (d > 0) {
            multiply(pieces[now ^ 1], x, y, s);
        }
        if (more) {
#pragma unroll
            for (int i = 0; i < 2; i++) {
                put(pieces[now].q, row + i * HALF, column, next[i], p.factor);
                put(pieces[now].k, row + i * HALF, column, next[2 + i], 1);
            }
        }
        __syncthreads();
        now ^= 1;
    }
    unsigned hidden = 0;
    if (p.hidden != nullptr) {
        int key = key0 + 4 * x;
        hidden = p.hidden[key >> 5] >> (key & 31) & 15;
        key += HALF;
        hidden |= (p.hidden[key >> 5] >> (key & 31) & 15) << 4;
    }
#pragma unroll
    for (int r = 0; r < 8; r++) {
        int first = rows.first[placeOf(y, r)] - key0;
        int end = rows.end[placeOf(y, r)] - key0;
#pragma unroll
        for (int c = 0; c < 8; c++) {
            int key = placeOf(x, c);
            bool seen = key >= first && key < end && (hidden >> c & 1) == 0;
            float value = p.cap > 0 ? capped(p, s[r][c]) : s[r][c];
            s[r][c] = seen ? value : MINUS_INFINITY;
        }
    }
}

// A row's sum in base 2, with what was lost by rounding.
struct Sum {
    float top;
    float sum;
    float rest;
};

__device__ __forceinline__ void add(Sum& to, float top, float sum) {
    if (top == MINUS_INFINITY) {
        return;
    }
    float most = fmaxf(to.top, top);
    float shrink = power2(to.top - most);
    float before = to.sum * shrink;
    float part = sum * power2(top - most) - to.rest * shrink;
    to.sum = before + part;
    to.rest = to.sum - before - part;
    to.top = most;
}

// What scores of each row are normalised by; 0 where it sees nothing.
extern "C" __global__ void __launch_bounds__(THREADS, 2) row_norms(const Pool p) {
    __shared__ Piece pieces[2];
    __shared__ Rows rows;
    __shared__ Sum sums[TILE];
    int x = threadIdx.x & 15;
    int y = threadIdx.x >> 4;
    int row0 = (p.firstBlock + (int)blockIdx.x) * TILE;
    if (threadIdx.x < TILE) {
        sums[threadIdx.x].top = MINUS_INFINITY;
        sums[threadIdx.x].sum = 0;
        sums[threadIdx.x].rest = 0;
    }
    enter<false>(p, row0, rows);
    int low;
    int high;
    span(rows, low, high);
    for (int key0 = low / TILE * TILE; key0 < high; key0 += TILE) {
        float s[8][8];
        score(p, pieces, rows, row0, key0, s);
#pragma unroll
        for (int r = 0; r < 8; r++) {
            float top = s[r][0];
#pragma unroll
            for (int c = 1; c < 8; c++) {
                top = fmaxf(top, s[r][c]);
            }
            top = rowMax(top);
            float base = top == MINUS_INFINITY ? 0 : top;
            float sum = 0;
#pragma unroll
            for (int c = 0; c < 8; c++) {
                sum += power2(s[r][c] - base);
            }
            sum = rowSum(sum);
            if (x == 0) {
                add(sums[placeOf(y, r)], top, sum);
            }
        }
    }
    if (x == 0) {
        for (int r = 0; r < 8; r++) {
            Sum whole = sums[placeOf(y, r)];
            int row = row0 + placeOf(y, r);
            bool blind = whole.top == MINUS_INFINITY;
            if (row < p.rows) {
                double all = (double)whole.sum + exp2(p.sink - whole.top);
                p.tops[row] = blind ? 0 : whole.top;
                p.inverses[row] = blind ? 0 : (float)(1 / all);
            }
        }
    }
}

// What share of each row, the sink's included, lay on keys that are left out. A warp takes a row.
extern "C" __global__ void __launch_bounds__(THREADS) left_out(const Pool p) {
    int lane = threadIdx.x & 31;
    int warps = THREADS / 32;
    for (int row = blockIdx.x * warps + (threadIdx.x >> 5); row < p.rows; row += gridDim.x * warps) {
        int first = p.firsts[row];
        int end = p.ends[row];
        Sum lost = {MINUS_INFINITY, 0, 0};
        int met = 0;
        for (int i = 0; i < p.excludedCount; i++) {
            int key = p.excluded[i];
            if (key < first || key >= end) {
                continue;
            }
            float dot = 0;
            for (int c = lane; c < p.depth; c += 32) {
                float q = p.q[(long long)row * p.depth + c] * p.factor;
                dot += q * p.k[(long long)key * p.depth + c];
            }
            dot += shuffleXor(dot, 16);
            dot = rowSum(dot);
            add(lost, p.cap > 0 ? capped(p, dot) : dot, 1);
            met++;
        }
        if (lane == 0) {
            double share = 0;
            if (met > 0) {
                bool alone = met == end - first;
                double kept = alone ? exp2(p.sink) : 1.0 / p.inverses[row];
                share = 1 / (1 + kept / (lost.sum * exp2((double)lost.top - p.tops[row])));
            }
            p.shares[row] = (float)share;
        }
    }
}

__device__ __forceinline__ void write(const Pool& p, int row, int pixel, float most, float sum) {
    if (row < (p.rows + (1 << p.level) - 1) >> p.level) {
        int start = p.starts[row];
        if (pixel >= start && pixel < p.stops[row]) {
            int at = p.places[row] + pixel - start;
            p.largest[at] = most;
            if (p.sums != nullptr) {
                p.sums[at] = sum;
            }
        }
    }
}

// Writes N x N pixels, half of them along each side 64 cells away from the others.
template <int N>
__device__ __forceinline__ void writeAll(
        const Pool& p, int row0, int key0, const float (&most)[N][N], const float (&sum)[N][N]) {
    int x = threadIdx.x & 15;
    int y = threadIdx.x >> 4;
#pragma unroll
    for (int i = 0; i < N; i++) {
        int row = (row0 + placeOf(y, i * 8 / N)) >> p.level;
#pragma unroll
        for (int j = 0; j < N; j++) {
            write(p, row, (key0 + placeOf(x, j * 8 / N)) >> p.level, most[i][j], sum[i][j]);
        }
    }
}

template <int N>
__device__ __forceinline__ void pairs(
        const float (&tops)[2 * N][2 * N],
        const float (&parts)[2 * N][2 * N],
        float (&most)[N][N],
        float (&sum)[N][N]) {
#pragma unroll
    for (int i = 0; i < N; i++) {
#pragma unroll
        for (int j = 0; j < N; j++) {
            most[i][j] = fmaxf(
                    fmaxf(tops[2 * i][2 * j], tops[2 * i][2 * j + 1]),
                    fmaxf(tops[2 * i + 1][2 * j], tops[2 * i + 1][2 * j + 1]));
            sum[i][j] = (parts[2 * i][2 * j] + parts[2 * i][2 * j + 1])
                    + (parts[2 * i + 1][2 * j] + parts[2 * i + 1][2 * j + 1]);
        }
    }
}

// Squares of 4 x 4 cells, of which each thread has 2 x 2, into pixels of 8 to 64 cells.
__device__ __forceinline__ void gather(
        const Pool& p,
        float (&strips)[2][QUADS][QUADS / 2 + 1],
        int row0,
        int key0,
        float (&most)[2][2],
        float (&sum)[2][2]) {
    int x = threadIdx.x & 15;
    int y = threadIdx.x >> 4;
    int along = 1 << (p.level - 2);
    int across = QUADS >> (p.level - 2);
    for (int step = 1; step < along; step <<= 1) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            most[i / 2][i % 2] = fmaxf(most[i / 2][i % 2], shuffleXor(most[i / 2][i % 2], step));
            sum[i / 2][i % 2] += shuffleXor(sum[i / 2][i % 2], step);
        }
    }
    if ((x & (along - 1)) == 0) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            int column = i % 2 * across / 2 + x / along;
            strips[0][i / 2 * (QUADS / 2) + y][column] = most[i / 2][i % 2];
            strips[1][i / 2 * (QUADS / 2) + y][column] = sum[i / 2][i % 2];
        }
    }
    __syncthreads();
    if (threadIdx.x < across * across) {
        int row = threadIdx.x / across;
        int column = threadIdx.x % across;
        float top = 0;
        float all = 0;
        for (int i = 0; i < along; i++) {
            top = fmaxf(top, strips[0][row * along + i][column]);
            all += strips[1][row * along + i][column];
        }
        write(p, (row0 >> p.level) + row, (key0 >> p.level) + column, top, all);
    }
}

// Probabilities out of scores; takes the least positive one along.
__device__ __forceinline__ void normalize(const Rows& rows, float (&s)[8][8], float& least) {
    int y = threadIdx.x >> 4;
#pragma unroll
    for (int r = 0; r < 8; r++) {
        float top = rows.top[placeOf(y, r)];
        float inverse = rows.inverse[placeOf(y, r)];
#pragma unroll
        for (int c = 0; c < 8; c++) {
            float x = s[r][c] - top;
            float value = x < FLOOR ? 0 : power2(x) * inverse;
            s[r][c] = value;
            least = value > 0 ? fminf(least, value) : least;
        }
    }
}

// What all threads have, in the first one.
__device__ __forceinline__ void reduce(
        float (&parts)[3][THREADS / 32], float& most, float& sum, float& least) {
#pragma unroll
    for (int mask = 16; mask > 0; mask >>= 1) {
        most = fmaxf(most, shuffleXor(most, mask));
        sum += shuffleXor(sum, mask);
        least = fminf(least, shuffleXor(least, mask));
    }
    __syncthreads();
    if ((threadIdx.x & 31) == 0) {
        parts[0][threadIdx.x >> 5] = most;
        parts[1][threadIdx.x >> 5] = sum;
        parts[2][threadIdx.x >> 5] = least;
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        for (int i = 1; i < THREADS / 32; i++) {
            most = fmaxf(most, parts[0][i]);
            sum += parts[1][i];
            least = fminf(least, parts[2][i]);
        }
    }
}

// The pixels of 128 rows, or of one row of larger pixels.
extern "C" __global__ void __launch_bounds__(THREADS, 2) pool_cells(const Pool p) {
    __shared__ Piece pieces[2];
    __shared__ Rows rows;
    __shared__ float strips[2][QUADS][QUADS / 2 + 1];
    __shared__ float parts[3][THREADS / 32];
    bool large = p.level >= TILE_LEVEL;
    int side = large ? 1 << (p.level - TILE_LEVEL) : 1;
    int cells = side * TILE;
    int block = p.firstBlock + (int)blockIdx.x;
    int from = 0x7fffffff;
    int to = 0;
    int pixelRows = (p.rows + (1 << p.level) - 1) >> p.level;
    for (int i = block * cells >> p.level; i < lesser(pixelRows, (block + 1) * cells >> p.level); i++) {
        if (p.stops[i] > p.starts[i]) {
            from = lesser(from, p.starts[i]);
            to = greater(to, p.stops[i]);
        }
    }
    int begin = lesser(from, to) << p.level;
    int end = lesser(p.keys, to << p.level);
    float least = -MINUS_INFINITY;
    int low = 0;
    int high = 0;
    if (side == 1) {
        enter<true>(p, block * TILE, rows);
        span(rows, low, high);
    }
    for (int column = begin / cells * cells; column < end; column += cells) {
        float whole = 0;
        float all = 0;
        for (int tile = 0; tile < side * side; tile++) {
            int row0 = block * cells + tile / side * TILE;
            int key0 = column + tile % side * TILE;
            if (side > 1 && tile % side == 0) {
                enter<true>(p, row0, rows);
                span(rows, low, high);
            }
            if (key0 >= high || key0 + TILE <= low) {
                continue;
            }
            float s[8][8];
            float pooled[4][4];
            float sums[4][4];
            float most[2][2];
            float sum[2][2];
            score(p, pieces, rows, row0, key0, s);
            normalize(rows, s, least);
            if (p.level == 0) {
                writeAll<8>(p, row0, key0, s, s);
                continue;
            }
            pairs<4>(s, s, pooled, sums);
            if (p.level == 1) {
                writeAll<4>(p, row0, key0, pooled, sums);
                continue;
            }
            pairs<2>(pooled, sums, most, sum);
            if (p.level == 2) {
                writeAll<2>(p, row0, key0, most, sum);
            } else if (!large) {
                gather(p, strips, row0, key0, most, sum);
            } else {
                float top = fmaxf(fmaxf(most[0][0], most[0][1]), fmaxf(most[1][0], most[1][1]));
                whole = fmaxf(whole, top);
                all += (sum[0][0] + sum[0][1]) + (sum[1][0] + sum[1][1]);
            }
        }
        if (large) {
            float none = 0;
            reduce(parts, whole, all, none);
            if (threadIdx.x == 0) {
                write(p, block, column >> p.level, whole, all);
            }
        }
    }
    float none = 0;
    float nothing = 0;
    reduce(parts, none, nothing, least);
    if (threadIdx.x == 0) {
        p.least[block] = least;
    }
}
