// C kernels with run-time dispatch over instruction sets. Each has a plain Swift twin in the target that uses it.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include "electron_events.h"
#include "motion.h"
#include "picking.h"
#include "slices.h"
#include "thon_rings.h"
#include "transfer_function.h"

/// Name of the instruction set that the dispatcher chose: "avx512", "avx2", "neon" or "baseline".
const char *kernels_instruction_set(void);

/// Half to single precision, exact (also subnormals, infinities, NaN).
void kernels_decode_half(const uint16_t *source, float *target, size_t count);

/// Single to half precision, to nearest even; finite values beyond ±65504 become ±65504.
void kernels_encode_half(const float *source, uint16_t *target, size_t count);
