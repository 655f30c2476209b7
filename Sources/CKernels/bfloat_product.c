// Inner products of rows of bfloat16 numbers, summed in single precision: the first look of a global search, whose error
// (2^-9 of a term, at random) is far below the margin with which it selects.
//
// vdpbf16ps does 64 flops an instruction, twice those of a single-precision multiply-add, on half the bytes. A 4 x 4 tile
// needs 8 loads for 16 of them; 32 rows of a stay in the second-level cache while all rows of b pass.
#include "slices.h"
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <immintrin.h>

int bfloat_products_are_fast(void) {
  unsigned a, b, c, d;
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("x86-64-v4")) return 0;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a & (1u << 5)) != 0;
}

#define BFLOAT __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16")))

// The sums of four accumulators, in a fixed order.
BFLOAT static inline __m128 four_sums(__m512 a, __m512 b, __m512 c, __m512 d) {
  const __m512 ab = _mm512_add_ps(_mm512_unpacklo_ps(a, b), _mm512_unpackhi_ps(a, b));
  const __m512 cd = _mm512_add_ps(_mm512_unpacklo_ps(c, d), _mm512_unpackhi_ps(c, d));
  const __m512 all = _mm512_add_ps(_mm512_shuffle_ps(ab, cd, 0x44), _mm512_shuffle_ps(ab, cd, 0xee));
  const __m256 half = _mm256_add_ps(_mm512_castps512_ps256(all), _mm512_extractf32x8_ps(all, 1));
  return _mm_add_ps(_mm256_castps256_ps128(half), _mm256_extractf128_ps(half, 1));
}

#define LOAD(p) ((__m512bh)_mm512_loadu_si512((const void *)(p)))

BFLOAT
void bfloat_dot_block(const uint16_t *a, size_t a_stride, int32_t a_count, const uint16_t *b, size_t b_stride,
                      int32_t b_count, size_t length, float *out, size_t out_stride) {
  for (int32_t block = 0; block < a_count; block += 32) {
    const int32_t last = block + 32 < a_count ? block + 32 : a_count;
    for (int32_t j = 0; j < b_count; j += 4) {
      const int columns = b_count - j < 4 ? b_count - j : 4;
      const uint16_t *bp[4];
      for (int c = 0; c < 4; c++) bp[c] = b + (size_t)(j + (c < columns ? c : 0)) * b_stride;
      for (int32_t i = block; i < last; i += 4) {
        const int rows = last - i < 4 ? last - i : 4;
        const uint16_t *ap[4];
        for (int r = 0; r < 4; r++) ap[r] = a + (size_t)(i + (r < rows ? r : 0)) * a_stride;
        __m512 sum[4][4];
        for (int r = 0; r < 4; r++)
          for (int c = 0; c < 4; c++) sum[r][c] = _mm512_setzero_ps();
        for (size_t k = 0; k < length; k += 32) {
          const __m512bh b0 = LOAD(bp[0] + k), b1 = LOAD(bp[1] + k), b2 = LOAD(bp[2] + k), b3 = LOAD(bp[3] + k);
          _Pragma("unroll") for (int r = 0; r < 4; r++) {
            const __m512bh value = LOAD(ap[r] + k);
            sum[r][0] = _mm512_dpbf16_ps(sum[r][0], value, b0);
            sum[r][1] = _mm512_dpbf16_ps(sum[r][1], value, b1);
            sum[r][2] = _mm512_dpbf16_ps(sum[r][2], value, b2);
            sum[r][3] = _mm512_dpbf16_ps(sum[r][3], value, b3);
          }
        }
        for (int r = 0; r < rows; r++) {
          float values[4];
          _mm_storeu_ps(values, four_sums(sum[r][0], sum[r][1], sum[r][2], sum[r][3]));
          memcpy(out + (size_t)(i + r) * out_stride + j, values, sizeof(float) * (size_t)columns);
        }
      }
    }
  }
}
#else
int bfloat_products_are_fast(void) { return 0; }

void bfloat_dot_block(const uint16_t *a, size_t a_stride, int32_t a_count, const uint16_t *b, size_t b_stride,
                      int32_t b_count, size_t length, float *out, size_t out_stride) {
  for (int32_t i = 0; i < a_count; i++)
    for (int32_t j = 0; j < b_count; j++) {
      float sum = 0;
      for (size_t k = 0; k < length; k++) {
        const uint32_t x = (uint32_t)a[i * a_stride + k] << 16, y = (uint32_t)b[j * b_stride + k] << 16;
        float p, q;
        memcpy(&p, &x, 4);
        memcpy(&q, &y, 4);
        sum += p * q;
      }
      out[i * out_stride + j] = sum;
    }
}
#endif

void bfloat_from_float(const float *restrict source, size_t length, uint16_t *restrict target) {
  for (size_t k = 0; k < length; k++) {
    uint32_t bits;
    memcpy(&bits, source + k, 4);
    // To nearest, ties to even; sources are finite.
    target[k] = (uint16_t)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
  }
}
