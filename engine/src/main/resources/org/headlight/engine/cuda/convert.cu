// Rows of floats into rows of halves or floats that are longer, filled up with zeros.

struct Convert {
    const float* source;    // [rows, width]
    void* target;           // [rows, padded]
    long long rows;
    int width;
    int padded;
};

// Finite numbers stay finite: what no half can hold becomes the largest one.
__device__ __forceinline__ half_t nearestHalf(float value) {
    const float most = 65504.0f;
    const float finite = 3.4e38f;
    if (value > most && value <= finite) {
        value = most;
    }
    if (value < -most && value >= -finite) {
        value = -most;
    }
    return toHalf(value);
}

extern "C" __global__ void __launch_bounds__(256) to_halves(const Convert p) {
    long long count = p.rows * p.padded;
    long long step = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += step) {
        long long row = i / p.padded;
        int column = (int)(i - row * p.padded);
        float value = column < p.width ? p.source[row * p.width + column] : 0;
        ((half_t*)p.target)[i] = nearestHalf(value);
    }
}

extern "C" __global__ void __launch_bounds__(256) to_floats(const Convert p) {
    long long count = p.rows * p.padded;
    long long step = (long long)gridDim.x * blockDim.x;
    for (long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x; i < count; i += step) {
        long long row = i / p.padded;
        int column = (int)(i - row * p.padded);
        ((float*)p.target)[i] = column < p.width ? p.source[row * p.width + column] : 0;
    }
}
