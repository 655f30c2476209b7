// Central slices of padded references.
//
// Per pixel of a 3D slice: eight complex corners, 8 x 2 multiply-adds and about 20 flops of weights: 52 flops and 64
// bytes read. The corners (x, x + 1) are neighbours in memory, so four 16-byte loads fetch them. Positions and weights of a
// block of pixels are computed first, in vectors, then the block is interpolated pixel by pixel. Bound by the cache that
// holds the box.
#include <math.h>

#include "slices.h"
#include "dispatch.h"

#pragma clang fp contract(fast)

typedef float f4 __attribute__((vector_size(16), aligned(8)));
typedef float f2 __attribute__((vector_size(8), aligned(8)));

#define BLOCK 32

/// Moves what lies beyond the linear limit to the nearest element: n pixels from (x, y) on. Fractions then are 0.
static void snap_3d(const fourier_box *box, const float m[6], float x, float y, int32_t n, float *fx, float *fy, float *fz,
                    int32_t *offset) {
  const int32_t width = box->width, plane = box->width * box->height;
  for (int32_t i = 0; i < n; i++) {
    const float px = m[0] * (x + (float)i) + m[1] * y, py = m[2] * (x + (float)i) + m[3] * y;
    const float pz = m[4] * (x + (float)i) + m[5] * y;
    if (px * px + py * py + pz * pz < box->linear_limit) continue;
    offset[i] += (fx[i] >= 0.5f) + (fy[i] >= 0.5f) * width + (fz[i] >= 0.5f) * plane;
    fx[i] = fy[i] = fz[i] = 0.0f;
  }
}

static void snap_2d(const fourier_box *box, const float m[4], float x, float y, int32_t n, float *fx, float *fy,
                    int32_t *offset) {
  for (int32_t i = 0; i < n; i++) {
    const float px = m[0] * (x + (float)i) + m[1] * y, py = m[2] * (x + (float)i) + m[3] * y;
    if (px * px + py * py < box->linear_limit) continue;
    offset[i] += (fx[i] >= 0.5f) + (fy[i] >= 0.5f) * box->width;
    fx[i] = fy[i] = 0.0f;
  }
}

DISPATCHED
void slice_extract_3d(const fourier_box *box, const float m[6], const slice_rows *rows, float *re, float *im) {
  const int32_t width = box->width, plane = box->width * box->height;
  const float *data = box->data;
  const int32_t origin = box->origin_z * plane + box->origin_y * width;
  int32_t offset[BLOCK];
  f2 value[BLOCK];
  float fx[BLOCK], fy[BLOCK], fz[BLOCK], sign[BLOCK];
  for (int32_t row = 0; row < rows->row_count; row++) {
    const float y = (float)rows->y[row];
    const float bx = m[1] * y, by = m[3] * y, bz = m[5] * y;
    const int32_t count = rows->count[row], first = rows->first_x[row];
    float *out_re = re + rows->start[row], *out_im = im + rows->start[row];
    for (int32_t begin = 0; begin < count; begin += BLOCK) {
      const int32_t n = count - begin < BLOCK ? count - begin : BLOCK;
      for (int32_t i = 0; i < n; i++) {
        const float x = (float)(first + begin + i);
        float px = m[0] * x + bx, py = m[2] * x + by, pz = m[4] * x + bz;
        const float s = px < 0.0f ? -1.0f : 1.0f;  // Friedel mate in the stored half
        px *= s;
        py *= s;
        pz *= s;
        const float ix = __builtin_floorf(px), iy = __builtin_floorf(py), iz = __builtin_floorf(pz);
        fx[i] = px - ix;
        fy[i] = py - iy;
        fz[i] = pz - iz;
        sign[i] = s;
        offset[i] = origin + (int32_t)iz * plane + (int32_t)iy * width + (int32_t)ix;
      }
      if (box->linear_limit < INFINITY) snap_3d(box, m, (float)(first + begin), y, n, fx, fy, fz, offset);
      for (int32_t i = 0; i < n; i++) {
        const float *p = data + 2 * (ptrdiff_t)offset[i];
        const float *q = p + 2 * (ptrdiff_t)width, *r = p + 2 * (ptrdiff_t)plane, *t = r + 2 * (ptrdiff_t)width;
        const float wy = fy[i], wz = fz[i], wx = fx[i];
        const f4 a = *(const f4 *)p, b = *(const f4 *)q, c = *(const f4 *)r, d = *(const f4 *)t;
        const f4 ab = a + (b - a) * wy, cd = c + (d - c) * wy;
        const f4 v = ab + (cd - ab) * wz;
        const f2 low = __builtin_shufflevector(v, v, 0, 1), high = __builtin_shufflevector(v, v, 2, 3);
        value[i] = low + (high - low) * wx;
      }
      for (int32_t i = 0; i < n; i++) {
        out_re[begin + i] = ((const float *)value)[2 * i];
        out_im[begin + i] = ((const float *)value)[2 * i + 1] * sign[i];
      }
    }
  }
}

DISPATCHED
void slice_extract_2d(const fourier_box *box, const float m[4], const slice_rows *rows, float *re, float *im) {
  const int32_t width = box->width;
  const float *data = box->data;
  const int32_t origin = box->origin_y * width;
  int32_t offset[BLOCK];
  f2 value[BLOCK];
  float fx[BLOCK], fy[BLOCK], sign[BLOCK];
  for (int32_t row = 0; row < rows->row_count; row++) {
    const float y = (float)rows->y[row];
    const float bx = m[1] * y, by = m[3] * y;
    const int32_t count = rows->count[row], first = rows->first_x[row];
    float *out_re = re + rows->start[row], *out_im = im + rows->start[row];
    for (int32_t begin = 0; begin < count; begin += BLOCK) {
      const int32_t n = count - begin < BLOCK ? count - begin : BLOCK;
      for (int32_t i = 0; i < n; i++) {
        const float x = (float)(first + begin + i);
        float px = m[0] * x + bx, py = m[2] * x + by;
        const float s = px < 0.0f ? -1.0f : 1.0f;
        px *= s;
        py *= s;
        const float ix = __builtin_floorf(px), iy = __builtin_floorf(py);
        fx[i] = px - ix;
        fy[i] = py - iy;
        sign[i] = s;
        offset[i] = origin + (int32_t)iy * width + (int32_t)ix;
      }
      if (box->linear_limit < INFINITY) snap_2d(box, m, (float)(first + begin), y, n, fx, fy, offset);
      for (int32_t i = 0; i < n; i++) {
        const float *p = data + 2 * (ptrdiff_t)offset[i];
        const f4 a = *(const f4 *)p, b = *(const f4 *)(p + 2 * (ptrdiff_t)width);
        const f4 v = a + (b - a) * fy[i];
        const f2 low = __builtin_shufflevector(v, v, 0, 1), high = __builtin_shufflevector(v, v, 2, 3);
        value[i] = low + (high - low) * fx[i];
      }
      for (int32_t i = 0; i < n; i++) {
        out_re[begin + i] = ((const float *)value)[2 * i];
        out_im[begin + i] = ((const float *)value)[2 * i + 1] * sign[i];
      }
    }
  }
}
