// Insertion of slices into accumulators: the transpose of the extraction.
//
// An element of an accumulator is four floats (re, im, weight, unused), so that the corners (x, x + 1) are one 32-byte
// vector. Per pixel: four of them read, added to and written (256 bytes, 80 flops); bound by the cache that holds the
// box. A box is cut in slabs of z, one task a slab, so that threads
// never share an element and every element sums its slices in the order in which they are given: the bits do not
// depend on the number of threads. Rows are clipped to a slab analytically.
#include <math.h>

#include "slices.h"
#include "dispatch.h"

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
void slice_insert_3d(const fourier_box *box, const float m[6], const slice_rows *rows, const float *re, const float *im,
                     const float *weights, float weight_scale, int32_t z_first, int32_t z_last) {
  const int32_t width = box->width, plane = box->width * box->height;
  const ptrdiff_t row_step = 4 * (ptrdiff_t)width, plane_step = 4 * (ptrdiff_t)plane;
  float *sums = box->data;
  const int snaps = box->linear_limit < INFINITY;
  for (int32_t row = 0; row < rows->row_count; row++) {
    const float y = (float)rows->y[row];
    const float bx = m[1] * y, by = m[3] * y, bz = m[5] * y;
    const int32_t first = rows->first_x[row], end = first + rows->count[row];
    const float *row_re = re + rows->start[row] - first, *row_im = im + rows->start[row] - first;
    const float *row_w = weights + rows->start[row] - first;
    // Pixels with x' >= 0 lie at z', the others at -z': two runs of the row, each clipped to the slab.
    for (int side = 0; side < 2; side++) {
      const float s = side == 0 ? 1.0f : -1.0f;
      int32_t from = first, to = end;
      clip(s * bz, s * m[4], (float)(z_first - 1), (float)z_last, &from, &to);
      for (int32_t x = from; x < to; x++) {
        const float ux = m[0] * (float)x + bx;
        if ((ux < 0.0f) != (side == 1)) continue;
        const float px = ux * s;
        const float py = (m[2] * (float)x + by) * s, pz = (m[4] * (float)x + bz) * s;
        float ix = __builtin_floorf(px), iy = __builtin_floorf(py), iz = __builtin_floorf(pz);
        float fx = px - ix, fy = py - iy, fz = pz - iz;
        if (snaps && px * px + py * py + pz * pz >= box->linear_limit) {
          ix += fx >= 0.5f;
          iy += fy >= 0.5f;
          iz += fz >= 0.5f;
          fx = fy = fz = 0.0f;
        }
        const int32_t z = (int32_t)iz;
        if (z + 1 < z_first || z >= z_last) continue;
        const float gx = 1.0f - fx;
        const f4 value = {row_re[x], row_im[x] * s, row_w[x] * weight_scale, 0.0f};
        const f8 v = __builtin_shufflevector(value * gx, value * fx, 0, 1, 2, 3, 4, 5, 6, 7);
        const int32_t at = (z + box->origin_z) * plane + ((int32_t)iy + box->origin_y) * width + (int32_t)ix;
        float *p = sums + 4 * (ptrdiff_t)at;
        if (z >= z_first) {
          *(f8 *)p += v * ((1.0f - fz) * (1.0f - fy));
          *(f8 *)(p + row_step) += v * ((1.0f - fz) * fy);
        }
        if (z + 1 < z_last) {
          *(f8 *)(p + plane_step) += v * (fz * (1.0f - fy));
          *(f8 *)(p + plane_step + row_step) += v * (fz * fy);
        }
      }
    }
  }
}

DISPATCHED
void slice_insert_2d(const fourier_box *box, const float m[4], const slice_rows *rows, const float *re, const float *im,
                     const float *weights, float weight_scale) {
  const int32_t width = box->width;
  float *sums = box->data;
  const int snaps = box->linear_limit < INFINITY;
  for (int32_t row = 0; row < rows->row_count; row++) {
    const float y = (float)rows->y[row];
    const float bx = m[1] * y, by = m[3] * y;
    const int32_t first = rows->first_x[row], end = first + rows->count[row];
    const float *row_re = re + rows->start[row] - first, *row_im = im + rows->start[row] - first;
    const float *row_w = weights + rows->start[row] - first;
    for (int32_t x = first; x < end; x++) {
      const float ux = m[0] * (float)x + bx;
      const float s = ux < 0.0f ? -1.0f : 1.0f;
      const float px = ux * s, py = (m[2] * (float)x + by) * s;
      float ix = __builtin_floorf(px), iy = __builtin_floorf(py);
      float fx = px - ix, fy = py - iy;
      if (snaps && px * px + py * py >= box->linear_limit) {
        ix += fx >= 0.5f;
        iy += fy >= 0.5f;
        fx = fy = 0.0f;
      }
      const float gx = 1.0f - fx;
      const f4 value = {row_re[x], row_im[x] * s, row_w[x] * weight_scale, 0.0f};
      const f8 v = __builtin_shufflevector(value * gx, value * fx, 0, 1, 2, 3, 4, 5, 6, 7);
      float *p = sums + 4 * (ptrdiff_t)(((int32_t)iy + box->origin_y) * width + (int32_t)ix);
      *(f8 *)p += v * (1.0f - fy);
      *(f8 *)(p + 4 * (ptrdiff_t)width) += v * fy;
    }
  }
}
