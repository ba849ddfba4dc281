"""PyTorch's flash attention: median milliseconds of a causal call, as one line of JSON."""
import json
import sys

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

tokens, heads, key_heads, width = map(int, sys.argv[1:5])
torch.manual_seed(1)


def tensor(count):
    return torch.randn(1, count, tokens, width, dtype=torch.float16, device="cuda")


q, k, v = tensor(heads), tensor(key_heads), tensor(key_heads)
times = []
with torch.inference_mode(), sdpa_kernel(SDPBackend.FLASH_ATTENTION):
    for run in range(8):
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=heads != key_heads)
        end.record()
        end.synchronize()
        if run > 2:
            times.append(start.elapsed_time(end))
print(json.dumps({"millis": sorted(times)[len(times) // 2], "torch": torch.__version__}))
