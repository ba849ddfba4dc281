// A stand-in for NVIDIA's driver: the functions that CudaDriver calls, with the signatures of cuda.h.
// Memory is the program's own; images are the paths of libraries that the emulator was compiled into.
// As the driver does, it refuses calls without a current context, and everything after a failure.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <map>
#include <string>

typedef int Result;
typedef unsigned long long Address;

namespace {
const int OUT_OF_MEMORY = 2;
const int INVALID = 1;
const int NO_CONTEXT = 201;
const int BAD_PTX = 222;
const int ILLEGAL_ADDRESS = 700;
const size_t TOTAL = 1ull << 32;
char contexts[2];
thread_local void* current;
int broken;
int retained;
std::map<Address, size_t> blocks;
std::map<void*, void*> hosts;
std::map<void*, int> sharedOf;
std::map<void*, void*> moduleOf;
size_t held;

Result state() { return broken != 0 ? broken : current != &contexts[1] ? NO_CONTEXT : 0; }

Result inside(Address address, size_t bytes) {
    for (auto& block : blocks) {
        if (address >= block.first && address + bytes <= block.first + block.second) {
            return 0;
        }
    }
    broken = ILLEGAL_ADDRESS;
    return broken;
}
}

extern "C" {
// For the test.
void standin_break(int code) { broken = code; }
long standin_held() { return (long)held; }
int standin_retained() { return retained; }
int standin_hosts() { return (int)hosts.size(); }
int standin_modules() { return (int)moduleOf.size(); }

Result cuInit(unsigned flags) { return flags == 0 ? 0 : INVALID; }
Result cuDriverGetVersion(int* version) { *version = 12040; return 0; }
Result cuDeviceGetCount(int* count) { *count = 2; return 0; }
Result cuDeviceGet(int* device, int ordinal) { *device = ordinal + 7; return 0; }
Result cuDeviceGetName(char* name, int length, int device) {
    snprintf(name, length, "Stand-in %d", device);
    return 0;
}
Result cuDeviceGetAttribute(int* value, int attribute, int device) {
    if (device != 8) {
        return INVALID;
    }
    switch (attribute) {
        case 13: *value = 1980000; return 0;
        case 16: *value = 132; return 0;
        case 17: *value = 1; return 0;
        case 75: *value = 8; return 0;
        case 76: *value = 6; return 0;
        case 97: *value = 101376; return 0;
        default: return INVALID;
    }
}
Result cuDeviceTotalMem_v2(size_t* bytes, int device) { *bytes = TOTAL; return device == 8 ? 0 : INVALID; }
Result cuDevicePrimaryCtxRetain(void** context, int device) {
    *context = &contexts[device - 7];
    retained++;
    return 0;
}
Result cuDevicePrimaryCtxRelease_v2(int device) { retained--; return device == 8 ? 0 : INVALID; }
Result cuCtxSetCurrent(void* context) { current = context; return 0; }
Result cuCtxSynchronize() { return state(); }
Result cuMemAlloc_v2(Address* address, size_t bytes) {
    if (state() != 0) {
        return state();
    }
    if (held + bytes > TOTAL) {
        return OUT_OF_MEMORY;
    }
    void* block = aligned_alloc(256, (bytes + 255) / 256 * 256);
    memset(block, 0xff, bytes);
    *address = (Address)block;
    blocks[*address] = bytes;
    held += bytes;
    return 0;
}
Result cuMemFree_v2(Address address) {
    if (state() != 0) {
        return state();
    }
    auto block = blocks.find(address);
    if (block == blocks.end()) {
        return INVALID;
    }
    held -= block->second;
    free((void*)address);
    blocks.erase(block);
    return 0;
}
Result cuMemGetInfo_v2(size_t* available, size_t* total) {
    *available = TOTAL - held;
    *total = TOTAL;
    return state();
}
Result cuMemAllocHost_v2(void** memory, size_t bytes) {
    *memory = malloc(bytes);
    hosts[*memory] = *memory;
    return state();
}
Result cuMemFreeHost(void* memory) {
    if (state() != 0 || hosts.erase(memory) == 0) {
        return state() != 0 ? state() : INVALID;
    }
    free(memory);
    return 0;
}
Result cuMemcpyHtoD_v2(Address target, const void* source, size_t bytes) {
    if (state() != 0 || inside(target, bytes) != 0) {
        return state();
    }
    memcpy((void*)target, source, bytes);
    return 0;
}
Result cuMemcpyDtoH_v2(void* target, Address source, size_t bytes) {
    if (state() != 0 || inside(source, bytes) != 0) {
        return state();
    }
    memcpy(target, (void*)source, bytes);
    return 0;
}
Result cuMemcpyDtoD_v2(Address target, Address source, size_t bytes) {
    if (state() != 0 || inside(source, bytes) != 0 || inside(target, bytes) != 0) {
        return state();
    }
    memcpy((void*)target, (void*)source, bytes);
    return 0;
}
Result cuMemsetD8_v2(Address target, unsigned char value, size_t bytes) {
    if (state() != 0 || inside(target, bytes) != 0) {
        return state();
    }
    memset((void*)target, value, bytes);
    return 0;
}
Result cuModuleLoadData(void** module, const void* image) {
    if (state() != 0) {
        return state();
    }
    if (strncmp((const char*)image, "//", 2) == 0) {
        return BAD_PTX;
    }
    *module = dlopen((const char*)image, RTLD_NOW | RTLD_LOCAL);
    if (*module == nullptr) {
        return INVALID;
    }
    moduleOf[*module] = *module;
    return 0;
}
Result cuModuleUnload(void* module) { return state() != 0 ? state() : moduleOf.erase(module) == 1 ? 0 : INVALID; }
Result cuModuleGetFunction(void** function, void* module, const char* name) {
    *function = dlsym(module, name);
    moduleOf[*function] = module;
    return *function == nullptr ? 500 : state();
}
Result cuFuncSetAttribute(void* function, int attribute, int value) {
    if (attribute == 8) {
        sharedOf[function] = value;
    }
    return attribute == 8 || (attribute == 9 && value == 100) ? state() : INVALID;
}
Result cuLaunchKernel(
        void* function,
        unsigned gridX,
        unsigned gridY,
        unsigned gridZ,
        unsigned blockX,
        unsigned blockY,
        unsigned blockZ,
        unsigned sharedBytes,
        void* stream,
        void** parameters,
        void** extra) {
    if (state() != 0) {
        return state();
    }
    int most = sharedOf.count(function) ? sharedOf[function] : 49152;
    if (blockY != 1 || blockZ != 1 || stream != nullptr || extra != nullptr || (int)sharedBytes > most
            || gridY > 65535 || gridZ > 65535) {
        return INVALID;
    }
    typedef int (*Run)(void*, const void*, long, const unsigned*, unsigned, long, const void*, long, int);
    Run run = (Run)dlsym(moduleOf[function], "emulator_run");
    unsigned grid[3] = {gridX, gridY, gridZ};
    Address regions[512];
    long count = 0;
    for (auto& block : blocks) {
        regions[2 * count] = block.first;
        regions[2 * count + 1] = block.second;
        count++;
    }
    if (run(function, parameters[0], 200, grid, blockX, sharedBytes, regions, count, 0) != 0) {
        broken = ILLEGAL_ADDRESS;
    }
    return 0;
}
Result cuEventCreate(void** event, unsigned flags) { *event = calloc(1, 8); return flags == 0 ? state() : INVALID; }
Result cuEventRecord(void* event, void* stream) { return stream == nullptr ? state() : INVALID; }
Result cuEventSynchronize(void* event) { return state(); }
Result cuEventElapsedTime(float* millis, void* from, void* to) { *millis = 2.5f; return from != to ? state() : INVALID; }
Result cuEventDestroy_v2(void* event) { free(event); return state(); }
Result cuGetErrorString(int code, const char** text) {
    switch (code) {
        case OUT_OF_MEMORY: *text = "out of memory"; return 0;
        case NO_CONTEXT: *text = "invalid device context"; return 0;
        case BAD_PTX: *text = "the provided PTX was compiled with an unsupported toolchain."; return 0;
        case ILLEGAL_ADDRESS: *text = "an illegal memory access was encountered"; return 0;
        default: *text = nullptr; return INVALID;
    }
}
}
