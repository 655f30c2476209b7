// Insertion of slices into accumulators: the transpose of the extraction.
//
// An element of an accumulator is four floats (re, im, weight, unused), so that the corners (x, x + 1) are one 32-byte
// vector. Per pixel: four of them read, added to and written (256 bytes, 80 flops); bound by the cache that holds the
// ball. A ball is cut in slabs of z, one task a slab, so that threads
// never share an element and every element sums its slices in the order in which they are given: the bits do not
// depend on the number of threads. Rows are clipped to a slab analytically.
#include <math.h>

#include "slices.h"
#include "dispatch.h"
#include "slice_reach.h"

#pragma clang fp contract(fast)

typedef float f4 __attribute__((vector_size(16), aligned(4)));
typedef float f8 __attribute__((vector_size(32), aligned(4)));

static inline int32_t maximum(int32_t a, int32_t b) { return a > b ? a : b; }
static inline int32_t minimum(int32_t a, int32_t b) { return a < b ? a : b; }

/// Narrows first <= x < last to where low <= base + step * x < high, with a margin of one pixel on both sides.
static inline void clip(float base, float step, float low, float high, int32_t *first, int32_t *last) {
  if (__builtin_fabsf(step) < 1e-6f) {
    if (base < low - 1.0f || base >= high + 1.0f) *last = *first;
    return;
  }
  float a = (low - base) / step, b = (high - base) / step;
  if (a > b) {
    const float t = a;
    a = b;
    b = t;
  }
  if (a > 1e6f) a = 1e6f;
  if (a < -1e6f) a = -1e6f;
  if (b > 1e6f) b = 1e6f;
  if (b < -1e6f) b = -1e6f;
  *first = maximum(*first, (int32_t)__builtin_floorf(a) - 1);
  *last = minimum(*last, (int32_t)__builtin_ceilf(b) + 2);
}

DISPATCHED
void slice_insert_3d(const fourier_ball *ball, const float m[6], const slice_rows *rows, const float *re, const float *im,
                     const float *weights, float weight_scale, int32_t z_first, int32_t z_last) {
  const int32_t side = ball->side, origin = ball->origin * side + ball->origin;
  const uint32_t *row_starts = ball->row_starts;
  float *sums = ball->data;
  const int is_safe = is_all_within_reach(ball->reach, (point){m[0], m[2], m[4]}, (point){m[1], m[3], m[5]}, rows->radius);
  const int snaps = ball->linear_limit < INFINITY;
  for (int32_t row = 0; row < rows->row_count; row++) {
    const float y = (float)rows->y[row];
    const float bx = m[1] * y, by = m[3] * y, bz = m[5] * y;
    const ptrdiff_t shift = rows->start[row] - rows->first_x[row];
    const float *row_re = re + shift, *row_im = im + shift, *row_w = weights + shift;
    pixel_range range = {rows->first_x[row], rows->first_x[row] + rows->count[row]};
    if (!is_safe) clip_to_reach(ball->reach, (point){m[0], m[2], m[4]}, (point){bx, by, bz}, &range);
    // Pixels with x' >= 0 lie at z', the others at -z': two runs of the row, each clipped to the slab.
    for (int mirrored = 0; mirrored < 2; mirrored++) {
      const float s = mirrored ? -1.0f : 1.0f;
      int32_t from = range.first, to = range.end;
      clip(s * bz, s * m[4], (float)(z_first - 1), (float)z_last, &from, &to);
      for (int32_t x = from; x < to; x++) {
        const float ux = m[0] * (float)x + bx;
        if ((ux < 0.0f) != (mirrored == 1)) continue;
        const float px = ux * s;
        const float py = (m[2] * (float)x + by) * s, pz = (m[4] * (float)x + bz) * s;
        const float ix = __builtin_floorf(px), iy = __builtin_floorf(py), iz = __builtin_floorf(pz);
        float fx = px - ix, fy = py - iy, fz = pz - iz;
        if (snaps && px * px + py * py + pz * pz >= ball->linear_limit) {
          fx = fx >= 0.5f ? 1.0f : 0.0f;
          fy = fy >= 0.5f ? 1.0f : 0.0f;
          fz = fz >= 0.5f ? 1.0f : 0.0f;
        }
        const int32_t z = (int32_t)iz;
        if (z + 1 < z_first || z >= z_last) continue;
        const float gx = 1.0f - fx;
        const f4 value = {row_re[x], row_im[x] * s, row_w[x] * weight_scale, 0.0f};
        const f8 v = __builtin_shufflevector(value * gx, value * fx, 0, 1, 2, 3, 4, 5, 6, 7);
        const uint32_t *start = row_starts + 2 * (ptrdiff_t)(origin + z * side + (int32_t)iy);
        float *at = sums + 4 * (ptrdiff_t)ix;
        if (z >= z_first) {
          *(f8 *)(at + 4 * (size_t)start[0]) += v * ((1.0f - fz) * (1.0f - fy));
          *(f8 *)(at + 4 * (size_t)start[2]) += v * ((1.0f - fz) * fy);
        }
        if (z + 1 < z_last) {
          *(f8 *)(at + 4 * (size_t)start[1]) += v * (fz * (1.0f - fy));
          *(f8 *)(at + 4 * (size_t)start[3]) += v * (fz * fy);
        }
      }
    }
  }
}

DISPATCHED
void slice_insert_2d(const fourier_ball *ball, const float m[4], const slice_rows *rows, const float *re, const float *im,
                     const float *weights, float weight_scale) {
  const int32_t width = ball->width;
  float *sums = ball->data;
  const int is_safe = is_all_within_reach(ball->reach, (point){m[0], m[2], 0.0f}, (point){m[1], m[3], 0.0f}, rows->radius);
  const int snaps = ball->linear_limit < INFINITY;
  for (int32_t row = 0; row < rows->row_count; row++) {
    const float y = (float)rows->y[row];
    const float bx = m[1] * y, by = m[3] * y;
    const ptrdiff_t shift = rows->start[row] - rows->first_x[row];
    const float *row_re = re + shift, *row_im = im + shift, *row_w = weights + shift;
    pixel_range range = {rows->first_x[row], rows->first_x[row] + rows->count[row]};
    if (!is_safe) clip_to_reach(ball->reach, (point){m[0], m[2], 0.0f}, (point){bx, by, 0.0f}, &range);
    for (int32_t x = range.first; x < range.end; x++) {
      const float ux = m[0] * (float)x + bx;
      const float s = ux < 0.0f ? -1.0f : 1.0f;
      const float px = ux * s, py = (m[2] * (float)x + by) * s;
      const float ix = __builtin_floorf(px), iy = __builtin_floorf(py);
      float fx = px - ix, fy = py - iy;
      if (snaps && px * px + py * py >= ball->linear_limit) {
        fx = fx >= 0.5f ? 1.0f : 0.0f;
        fy = fy >= 0.5f ? 1.0f : 0.0f;
      }
      const float gx = 1.0f - fx;
      const f4 value = {row_re[x], row_im[x] * s, row_w[x] * weight_scale, 0.0f};
      const f8 v = __builtin_shufflevector(value * gx, value * fx, 0, 1, 2, 3, 4, 5, 6, 7);
      float *p = sums + 4 * (ptrdiff_t)(((int32_t)iy + ball->origin) * width + (int32_t)ix);
      *(f8 *)p += v * (1.0f - fy);
      *(f8 *)(p + 4 * (ptrdiff_t)width) += v * fy;
    }
  }
}
