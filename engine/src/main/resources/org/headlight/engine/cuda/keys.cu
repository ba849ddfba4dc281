// Which keys a tile of queries takes in, and what each query may see. ROWS queries and KEYS keys
// are worked on together.

// What the host hands over; the layout is known to AttendArguments.java.
struct Attend {
    const void* q;          // [heads, queries, D]
    const void* k;          // [keyHeads, keys, D]
    const void* v;          // [keyHeads, keys, DV]
    float* out;             // [heads, queries, outWidth]
    float* lse;             // [heads, queries]
    const float* sinks;     // a logit for each head, or nothing
    const int* begins;      // of each head's groups of queries: where its list begins,
    const int* ends;        // and one after its end
    const int* lists;       // key blocks; or pairs of a tile's start and count; or nothing
    const int* columns;     // single keys
    const int* order;       // which tile of its head a block of threads takes, or nothing
    int heads;
    int keyHeads;
    int queries;
    int keys;
    int outWidth;
    int lowShift;           // a query sees keys from row + lowShift on,
    int highShift;          // to before row + highShift
    int sink;               // of these the first ones, up to here,
    int bandShift;          // and those from row + bandShift on
    int split;              // single keys count before row + bandShift only
    int groups;             // lists of a head
    int rowsPerGroup;       // queries that share a list, a multiple of ROWS
    int perBlock;           // tiles of a key block; 0 where lists hold pairs
    float scale;
    float softCap;
    int firstBlock;         // blocks of threads of launches before this one
};

__device__ __forceinline__ int lowOf(const Attend& p, int row) {
    return greater(0, row + p.lowShift);
}

__device__ __forceinline__ int highOf(const Attend& p, int row) {
    return lesser(p.keys, row + p.highShift);
}

// Up to KEYS keys: in a row from start on, or those that the columns name.
struct KeyTile {
    int start;
    int count;
    bool gathered;
};

// The tiles of keys of one tile of queries.
struct Walk {
    int low;
    int high;
    int sinkEnd;
    int bandStart;
    int sinkTiles;
    int first;
    int count;
    int next;
};

__device__ __forceinline__ Walk walkOf(const Attend& p, int head, int row0) {
    Walk w;
    w.low = lowOf(p, row0);
    w.high = highOf(p, lesser(row0 + ROWS, p.queries) - 1);
    w.sinkEnd = 0;
    w.bandStart = 0;
    w.sinkTiles = 0;
    w.first = 0;
    w.next = 0;
    if (p.lists == nullptr) {
        w.sinkEnd = lesser(p.sink, w.high);
        w.sinkTiles = (greater(0, w.sinkEnd - w.low) + KEYS - 1) / KEYS;
        w.bandStart = greater(greater(w.sinkEnd, w.low), row0 + p.bandShift);
        w.count = w.sinkTiles + (greater(0, w.high - w.bandStart) + KEYS - 1) / KEYS;
    } else {
        int group = head * p.groups + row0 / p.rowsPerGroup;
        w.first = p.begins[group];
        int entries = p.ends[group] - w.first;
        w.count = p.perBlock > 0 ? entries * p.perBlock : entries;
    }
    return w;
}

__device__ __forceinline__ KeyTile tileAt(const Attend& p, const Walk& w, int i) {
    KeyTile t;
    t.gathered = false;
    if (p.lists == nullptr) {
        bool sink = i < w.sinkTiles;
        t.start = sink ? w.low + i * KEYS : w.bandStart + (i - w.sinkTiles) * KEYS;
        t.count = lesser(KEYS, (sink ? w.sinkEnd : w.high) - t.start);
    } else if (p.perBlock > 0) {
        int block = p.lists[w.first + i / p.perBlock];
        t.start = (block * p.perBlock + i % p.perBlock) * KEYS;
        t.count = lesser(KEYS, p.keys - t.start);
    } else {
        const int* pair = p.lists + 2 * (long long)(w.first + i);
        t.start = pair[0];
        t.count = pair[1];
        if (t.start < 0) {
            t.start = -1 - t.start;
            t.gathered = true;
        }
    }
    return t;
}

// The next tile that any of the queries may see; one of no keys where none is left.
__device__ __forceinline__ KeyTile advance(const Attend& p, Walk& w) {
    while (w.next < w.count) {
        KeyTile t = tileAt(p, w, w.next++);
        if (t.count <= 0) {
            continue;
        }
        int first = t.gathered ? p.columns[t.start] : t.start;
        int last = t.gathered ? p.columns[t.start + t.count - 1] : t.start + t.count - 1;
        if (first < w.high && last >= w.low) {
            return t;
        }
    }
    KeyTile none;
    none.start = 0;
    none.count = 0;
    none.gathered = false;
    return none;
}

__device__ __forceinline__ int keyOf(const Attend& p, const KeyTile& t, int i) {
    return i >= t.count ? -1 : t.gathered ? p.columns[t.start + i] : t.start + i;
}

// Of the keys of a tile, a query sees those from here on: tiles lie either among the first keys or
// after them.
__device__ __forceinline__ int lowOf(const Attend& p, int row, const KeyTile& t) {
    bool band = !t.gathered && t.start >= p.sink;
    return band ? greater(lowOf(p, row), row + p.bandShift) : lowOf(p, row);
}

__device__ __forceinline__ int highOf(const Attend& p, int row, const KeyTile& t) {
    bool before = t.gathered && p.split != 0;
    return before ? lesser(highOf(p, row), row + p.bandShift) : highOf(p, row);
}

// How many keys of a tile come before a key.
__device__ __forceinline__ int columnOf(const KeyTile& t, const int* places, int key) {
    if (!t.gathered) {
        return lesser(t.count, greater(0, key - t.start));
    }
    int low = 0;
    int high = t.count;
#pragma unroll 1
    while (low < high) {
        int middle = (low + high) >> 1;
        if (places[middle] < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

// The tile of queries of this block of threads: heads in turn, and within a head the heaviest first.
__device__ __forceinline__ int rowsOfBlock(const Attend& p, int& head) {
    int tiles = (p.queries + ROWS - 1) / ROWS;
    int block = p.firstBlock + (int)blockIdx.x;
    head = block / tiles;
    int tile = p.order != nullptr ? p.order[block] : tiles - 1 - block % tiles;
    return tile * ROWS;
}

// What remains of a row once all keys are in: log-sum-exp, and what its sums are multiplied by.
// top and sum are in base 2.
__device__ __forceinline__ float finish(const Attend& p, int head, float top, float sum, float& lse) {
    float sink = p.sinks == nullptr ? MINUS_INFINITY : p.sinks[head] * LOG2E;
    float all = fmaxf(top, sink);
    if (all == MINUS_INFINITY) {
        lse = MINUS_INFINITY;
        return 0;
    }
    float shrink = power2(top - all);
    float whole = sum * shrink + power2(sink - all);
    lse = (all + log2f(whole)) * LN2;
    return shrink / whole;
}
