// C kernels with run-time dispatch over instruction sets. Each has a plain Swift twin in the target that uses it.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Name of the instruction set that the dispatcher chose: "avx512", "avx2", "neon" or "baseline".
const char *kernels_instruction_set(void);
