// Blocks of inner products of long rows: the fine pass, where only some rows meet.
//
// 2 flops per element pair; a 4 × 4 tile loads 8 vectors for 16 multiply-adds, so it is bound by arithmetic as long as
// the rows come from the second-level cache. OpenBLAS packs its operands first, which costs more than the product for
// blocks of fewer than about 32 rows.
#include "slices.h"
#include "dispatch.h"

typedef float f16 __attribute__((vector_size(64), aligned(4)));

static inline __attribute__((always_inline)) float sum16(const f16 *v) {
  // Pairwise, so that the order of the sum is fixed.
  float a[16];
  *(f16 *)a = *v;
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) a[i] += a[i + width];
  return a[0];
}

#define TILE(R, C)                                                                        \
  {                                                                                       \
    f16 acc[R][C];                                                                        \
    for (int r = 0; r < R; r++)                                                           \
      for (int c = 0; c < C; c++) acc[r][c] = (f16){0};                                   \
    for (size_t k = 0; k < length; k += 16) {                                             \
      f16 bv[C];                                                                          \
      _Pragma("unroll") for (int c = 0; c < C; c++) bv[c] = *(const f16 *)(bp[c] + k);    \
      _Pragma("unroll") for (int r = 0; r < R; r++) {                                     \
        const f16 av = *(const f16 *)(ap[r] + k);                                         \
        _Pragma("unroll") for (int c = 0; c < C; c++) acc[r][c] += av * bv[c];            \
      }                                                                                   \
    }                                                                                     \
    for (int r = 0; r < R; r++)                                                           \
      for (int c = 0; c < C; c++) out[(size_t)(i + r) * out_stride + j + c] = sum16(&acc[r][c]); \
  }

#define BODY(B_ROW)                                                                       \
  for (int32_t i = 0; i < a_count;) {                                                     \
    const int rows = a_count - i >= 4 ? 4 : a_count - i >= 2 ? 2 : 1;                     \
    const float *ap[4];                                                                   \
    for (int r = 0; r < rows; r++) ap[r] = a + (size_t)(i + r) * a_stride;                \
    for (int32_t j = 0; j < b_count;) {                                                   \
      const int columns = b_count - j >= 4 ? 4 : 1;                                       \
      const float *bp[4];                                                                 \
      for (int c = 0; c < columns; c++) bp[c] = B_ROW(j + c);                             \
      if (columns == 4) {                                                                 \
        if (rows == 4) TILE(4, 4) else if (rows == 2) TILE(2, 4) else TILE(1, 4)          \
      } else {                                                                            \
        if (rows == 4) TILE(4, 1) else if (rows == 2) TILE(2, 1) else TILE(1, 1)          \
      }                                                                                   \
      j += columns;                                                                       \
    }                                                                                     \
    i += rows;                                                                            \
  }

#pragma clang fp contract(fast)

DISPATCHED
void dot_block(const float *a, size_t a_stride, int32_t a_count, const float *b, size_t b_stride, int32_t b_count,
               size_t length, float *out, size_t out_stride) {
#define STRIDED(n) (b + (size_t)(n) * b_stride)
  BODY(STRIDED)
}

DISPATCHED
void dot_block_rows(const float *a, size_t a_stride, int32_t a_count, const float *const *b_rows, int32_t b_count,
                    size_t length, float *out, size_t out_stride) {
#define LISTED(n) (b_rows[n])
  BODY(LISTED)
}
