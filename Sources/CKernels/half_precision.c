// IEEE binary16 <-> binary32, with integer arithmetic that vectorises on every instruction set.
// Memory bound: 6 bytes of traffic per value.
#include "CKernels.h"
#include "dispatch.h"
#include <string.h>

static inline float float_from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

static inline uint32_t bits_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

DISPATCHED void kernels_decode_half(const uint16_t *restrict source, float *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t half = source[i];
    // Exponent and mantissa moved into place; the exponent is then too small by 127 - 15, also for subnormals.
    const float scaled = float_from_bits((half & 0x7fffu) << 13) * 0x1p112f;
    const uint32_t special = (half & 0x7c00u) == 0x7c00u ? 0x7f800000u : 0u;
    target[i] = float_from_bits(bits_of_float(scaled) | special | (half & 0x8000u) << 16);
  }
}

DISPATCHED void kernels_encode_half(const float *restrict source, uint16_t *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const uint32_t bits = bits_of_float(source[i]);
    const uint32_t magnitude = bits & 0x7fffffffu;
    // Normal range: rebias the exponent, round to nearest even. Beyond 65504: the largest finite value.
    uint32_t normal = (magnitude - (112u << 23) + 0xfffu + ((magnitude >> 13) & 1u)) >> 13;
    normal = magnitude >= 0x477fe000u ? 0x7bffu : normal;
    // Below 2^-14: adding 0.5 makes the float unit round at the last bit of a subnormal half.
    const uint32_t tiny = bits_of_float(float_from_bits(magnitude) + 0.5f) - 0x3f000000u;
    uint32_t half = magnitude < 0x38800000u ? tiny : normal;
    half = magnitude == 0x7f800000u ? 0x7c00u : half;
    half = magnitude > 0x7f800000u ? 0x7e00u : half;
    target[i] = (uint16_t)(half | (bits >> 16 & 0x8000u));
  }
}
