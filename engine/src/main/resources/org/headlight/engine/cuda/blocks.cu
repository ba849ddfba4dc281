// Which blocks of keys a block of queries keeps, by their scores; and the order of the work.

#define THREADS 256

// The layout is known to ChoiceArguments.java.
struct Choice {
    const float* sums;      // [heads, rows, columns]
    int* begins;            // [heads, rows]
    int* ends;              // [heads, rows]
    int* lists;             // [heads, rows, columns]; a row's blocks from its begin on
    unsigned long long* kept;   // how many blocks, over all heads
    int* order;             // [heads, rows x tilesPerRow]
    int rows;
    int columns;
    int block;
    int queries;
    int keys;
    int causal;
    int back;               // keys back that a query sees, its own counted; 0 for all
    int reference;          // as the published code has it; the fewest blocks otherwise
    int chunk;              // blocks of queries that the published code takes at a time
    int tilesPerRow;        // tiles of queries in a block of queries
    int tiles;              // tiles of queries of a head
    int sorted;             // a power of two, at least columns
    double threshold;
};

__device__ __forceinline__ double warpSum(double x) {
#pragma unroll
    for (int mask = 16; mask > 0; mask >>= 1) {
        x += shuffleXorDouble(x, mask);
    }
    return x;
}

// Sums of the lanes up to each one.
__device__ __forceinline__ double warpScan(double x, int lane) {
#pragma unroll
    for (int step = 1; step < 32; step <<= 1) {
        double before = shuffleUpDouble(x, step);
        x += lane >= step ? before : 0;
    }
    return x;
}

// One block of threads for each row and head. Scores are sorted, the largest and the earliest first.
extern "C" __global__ void __launch_bounds__(THREADS) choose_blocks(const Choice p) {
    DYNAMIC_SHARED(memory);
    unsigned long long* ranks = (unsigned long long*)memory;
    unsigned char* chosen = memory + 8 * p.sorted;
    int row = blockIdx.x;
    int head = blockIdx.y;
    const float* sums = p.sums + ((long long)head * p.rows + row) * p.columns;
    int offset = p.keys - p.queries;
    int firstQuery = row * p.block;
    int lastQuery = lesser(firstQuery + p.block, p.queries) - 1;
    int low = p.back > 0 ? greater(0, firstQuery + offset + 1 - p.back) / p.block : 0;
    int end = p.causal ? (greater(0, lesser(p.keys, lastQuery + offset + 1)) + p.block - 1) / p.block
                       : p.columns;
    int own = lesser(p.columns - 1, (lastQuery + offset) / p.block);
    bool later = row / p.chunk * p.chunk + p.columns - p.rows > 0;
    bool firstForced = p.causal && (!p.reference || later) && low == 0;
    if (p.reference && p.causal) {
        own = lesser(p.columns - 1, row + p.columns - p.rows);
    }
    for (int i = threadIdx.x; i < p.sorted; i += THREADS) {
        bool ranked = i >= low && i < end && !(p.causal && i == own) && !(firstForced && i == 0);
        unsigned bits = ranked ? floatBits(sums[i]) + 1 : 0;
        ranks[i] = (unsigned long long)bits << 32 | (0xffffffffu - i);
    }
    for (int i = threadIdx.x; i < p.columns; i += THREADS) {
        chosen[i] = 0;
    }
    for (int size = 2; size <= p.sorted; size <<= 1) {
        for (int gap = size >> 1; gap > 0; gap >>= 1) {
            __syncthreads();
            for (int i = threadIdx.x; i < p.sorted; i += THREADS) {
                int other = i ^ gap;
                bool falling = (i & size) == 0;
                if (other > i && (ranks[i] < ranks[other]) == falling) {
                    unsigned long long kept = ranks[i];
                    ranks[i] = ranks[other];
                    ranks[other] = kept;
                }
            }
        }
    }
    __syncthreads();
    int lane = threadIdx.x & 31;
    if (threadIdx.x < 32) {
        double total = 0;
        for (int c = low + lane; c < end; c += 32) {
            total += sums[c];
        }
        double need = p.threshold * warpSum(total);
        double held = 0;
        if (p.causal) {
            held = (own >= low && own < end ? (double)sums[own] : 0)
                    + (firstForced && own != 0 ? (double)sums[0] : 0);
        }
        bool lags = p.reference && p.causal && !later;
        for (int i0 = 0; i0 < p.sorted; i0 += 32) {
            unsigned long long rank = i0 + lane < p.sorted ? ranks[i0 + lane] : 0;
            bool ranked = rank >> 32 != 0;
            int column = (int)(0xffffffffu - (unsigned)rank);
            double score = ranked ? (double)sums[column] : 0;
            double sum = warpScan(score, lane);
            double cost = held + sum - score;
            if (lags) {
                // Each rank is judged by what was held before the one above it.
                int above = i0 + lane - 1;
                bool upper = above >= 0 && above < p.sorted && ranks[above] >> 32 != 0;
                int upperColumn = upper ? (int)(0xffffffffu - (unsigned)ranks[above]) : 0;
                cost = above < 0 ? 0 : cost - (upper ? (double)sums[upperColumn] : 0);
            }
            bool take = ranked && cost < need;
            if (take) {
                chosen[column] = 1;
            }
            held += shuffleDouble(sum, 31);
            if (!anyLane(take)) {
                break;
            }
        }
        if (lane == 0) {
            if (low == 0 && end > 0 && (p.causal || p.reference)) {
                chosen[0] = 1;
            }
            if (p.causal) {
                int nearest = lesser(p.columns - 1, (lastQuery + offset) / p.block);
                for (int c = greater(0, firstQuery + offset) / p.block; c <= nearest; c++) {
                    chosen[c] = 1;
                }
                if (own >= low && own < end) {
                    chosen[own] = 1;
                }
            }
            if (p.columns == 1) {
                chosen[0] = 1;
            }
        }
        warpBarrier();
        long long at = (long long)head * p.rows + row;
        int begin = (int)(at * p.columns);
        int count = 0;
        for (int c0 = 0; c0 < p.columns; c0 += 32) {
            bool keep = c0 + lane < p.columns && chosen[c0 + lane] != 0;
            unsigned mask = lanesWith(keep);
            if (keep) {
                p.lists[at * p.columns + count + bitCount(mask & ((1u << lane) - 1))] = c0 + lane;
            }
            count += bitCount(mask);
        }
        if (lane == 0) {
            p.begins[at] = begin;
            p.ends[at] = begin + count;
            addAtomically(p.kept, (unsigned long long)count);
        }
    }
}

// For each head the tiles of queries with the longest lists first, roughly: 256 classes of length.
extern "C" __global__ void __launch_bounds__(THREADS) heavy_first(const Choice p) {
    __shared__ int counts[256];
    __shared__ int most;
    int head = blockIdx.x;
    const int* begins = p.begins + (long long)head * p.rows;
    const int* ends = p.ends + (long long)head * p.rows;
    counts[threadIdx.x] = 0;
    if (threadIdx.x == 0) {
        most = 1;
    }
    __syncthreads();
    for (int row = threadIdx.x; row < p.rows; row += THREADS) {
        maxAtomically(&most, ends[row] - begins[row]);
    }
    __syncthreads();
    for (int tile = threadIdx.x; tile < p.tiles; tile += THREADS) {
        int row = tile / p.tilesPerRow;
        int length = 255 - (int)(255ll * (ends[row] - begins[row]) / most);
        addAtomically(&counts[length], 1);
    }
    __syncthreads();
    if (threadIdx.x == 0) {
        int before = 0;
        for (int i = 0; i < 256; i++) {
            int count = counts[i];
            counts[i] = before;
            before += count;
        }
    }
    __syncthreads();
    for (int tile = threadIdx.x; tile < p.tiles; tile += THREADS) {
        int row = tile / p.tilesPerRow;
        int length = 255 - (int)(255ll * (ends[row] - begins[row]) / most);
        p.order[(long long)head * p.tiles + addAtomically(&counts[length], 1)] = tile;
    }
}
