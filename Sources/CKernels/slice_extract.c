// Central slices of padded references.
//
// Per pixel of a 3D slice: eight complex corners, 8 x 2 multiply-adds and about 20 flops of weights: 52 flops and 64
// bytes read. The corners (x, x + 1) are neighbours in memory, so four 16-byte loads fetch them. Positions and weights of a
// block of pixels are computed first, in vectors, then the block is interpolated in pairs of pixels. Rows of the ball are found
// in a table of a hundredth of its size or less. Bound by the cache that holds the ball.
#include <math.h>
#include <string.h>

#include "slices.h"
#include "dispatch.h"
#include "slice_reach.h"

#pragma clang fp contract(fast)

typedef float f8 __attribute__((vector_size(32), aligned(8)));
typedef float f4 __attribute__((vector_size(16), aligned(8)));
typedef float f2 __attribute__((vector_size(8), aligned(8)));

// Whole vectors are computed; what lies beyond the end of a row is overwritten or not used.
enum { BLOCK = 64, LANES = 16 };

static void clear(const slice_rows *rows, float *re, float *im) {
  for (int32_t row = 0; row < rows->row_count; row++) {
    memset(re + rows->start[row], 0, sizeof(float) * (size_t)rows->count[row]);
    memset(im + rows->start[row], 0, sizeof(float) * (size_t)rows->count[row]);
  }
}

/// Pixels on their way: the row of the ball and the column of their lowest corner, distances from it, and the sign of the
/// imaginary part.
typedef struct {
  int32_t line[BLOCK + LANES], column[BLOCK + LANES];
  float x[BLOCK + LANES], y[BLOCK + LANES], z[BLOCK + LANES], sign[BLOCK + LANES];
} pixel_block;

/// Puts pixels first_x ..< first_x + count of a row into places from `at` on.
static inline __attribute__((always_inline)) void locate(pixel_block *block, int32_t at, int32_t first_x, int32_t count,
                                                         const float m[6], point start, int32_t side, int32_t origin) {
  for (int32_t i = 0; i < ((count + LANES - 1) & -LANES); i++) {
    const float x = (float)(first_x + i);
    float px = m[0] * x + start.x, py = m[2] * x + start.y, pz = m[4] * x + start.z;
    const float s = px < 0.0f ? -1.0f : 1.0f;  // Friedel mate in the stored half
    px *= s;
    py *= s;
    pz *= s;
    const float ix = __builtin_floorf(px), iy = __builtin_floorf(py), iz = __builtin_floorf(pz);
    block->x[at + i] = px - ix;
    block->y[at + i] = py - iy;
    block->z[at + i] = pz - iz;
    block->sign[at + i] = s;
    block->line[at + i] = origin + (int32_t)iz * side + (int32_t)iy;
    block->column[at + i] = (int32_t)ix;
  }
}

/// Moves what lies beyond the linear limit to the nearest element: count places from `at` on, which hold the pixels from x on
/// of a row. Fractions then are 0. Within half an element of the radius only: beyond, where references are zero, rows may end.
static void snap_3d(const fourier_ball *ball, pixel_block *block, int32_t at, int32_t first_x, int32_t count, const float m[6],
                    point start) {
  const float last = ball->reach - 0.25f;
  for (int32_t i = 0; i < count; i++) {
    const float x = (float)(first_x + i);
    const float px = m[0] * x + start.x, py = m[2] * x + start.y, pz = m[4] * x + start.z;
    const float squared = px * px + py * py + pz * pz;
    if (squared < ball->linear_limit || squared >= last * last) continue;
    float *fx = block->x + at + i, *fy = block->y + at + i, *fz = block->z + at + i;
    block->column[at + i] += *fx >= 0.5f;
    block->line[at + i] += (*fy >= 0.5f) + (*fz >= 0.5f) * ball->side;
    *fx = *fy = *fz = 0.0f;
  }
}

static void snap_2d(const fourier_ball *ball, const float m[4], float x, float y, int32_t n, float *fx, float *fy,
                    int32_t *offset) {
  const float last = ball->reach - 0.25f;
  for (int32_t i = 0; i < n; i++) {
    const float px = m[0] * (x + (float)i) + m[1] * y, py = m[2] * (x + (float)i) + m[3] * y;
    const float squared = px * px + py * py;
    if (squared < ball->linear_limit || squared >= last * last) continue;
    offset[i] += (fx[i] >= 0.5f) + (fy[i] >= 0.5f) * ball->width;
    fx[i] = fy[i] = 0.0f;
  }
}

/// The rows that an interpolation reads: (y, z), (y + 1, z), (y, z + 1), (y + 1, z + 1), each from its column on.
typedef struct {
  const float *p, *q, *r, *t;
} corners;

static inline __attribute__((always_inline)) corners corners_of(const fourier_ball *ball, int32_t line, int32_t column) {
  const uint32_t *start = ball->row_starts + 2 * (ptrdiff_t)line;
  const float *at = ball->data + 2 * (ptrdiff_t)column;
  return (corners){at + 2 * (size_t)start[0], at + 2 * (size_t)start[2], at + 2 * (size_t)start[1], at + 2 * (size_t)start[3]};
}

#define JOINED(a, b) __builtin_shufflevector(*(const f4 *)(a), *(const f4 *)(b), 0, 1, 2, 3, 4, 5, 6, 7)
// (w0, w0, w0, w0, w1, w1, w1, w1)
#define SPREAD(w) __builtin_shufflevector(*(const f2 *)(w), *(const f2 *)(w), 0, 0, 0, 0, 1, 1, 1, 1)

static inline __attribute__((always_inline)) void interpolate(const fourier_ball *ball, pixel_block *block, int32_t count,
                                                              float *re, float *im) {
  float value[2 * BLOCK + 2] __attribute__((aligned(64)));
  if (count & 1) {  // pairs: the last pixel again
    block->line[count] = block->line[count - 1];
    block->column[count] = block->column[count - 1];
  }
  for (int32_t i = 0; i < count; i += 2) {
    const corners c = corners_of(ball, block->line[i], block->column[i]);
    const corners d = corners_of(ball, block->line[i + 1], block->column[i + 1]);
    const f8 wy = SPREAD(block->y + i), wz = SPREAD(block->z + i);
    const f8 p = JOINED(c.p, d.p), q = JOINED(c.q, d.q), r = JOINED(c.r, d.r), t = JOINED(c.t, d.t);
    const f8 ab = p + (q - p) * wy, cd = r + (t - r) * wy;
    const f8 v = ab + (cd - ab) * wz;
    const f4 low = __builtin_shufflevector(v, v, 0, 1, 4, 5), high = __builtin_shufflevector(v, v, 2, 3, 6, 7);
    const f4 wx = {block->x[i], block->x[i], block->x[i + 1], block->x[i + 1]};
    *(f4 *)(value + 2 * i) = low + (high - low) * wx;
  }
  for (int32_t i = 0; i < count; i++) {
    re[i] = value[2 * i];
    im[i] = value[2 * i + 1] * block->sign[i];
  }
}

DISPATCHED
void slice_extract_3d(const fourier_ball *ball, const float m[6], const slice_rows *rows, float *re, float *im) {
  const int32_t side = ball->side, origin = ball->origin * side + ball->origin;
  const point step = {m[0], m[2], m[4]}, row_step = {m[1], m[3], m[5]};
  const int is_safe = is_all_within_reach(ball->reach, step, row_step, rows->radius);
  if (!is_safe) clear(rows, re, im);
  pixel_block block;
  int32_t filled = 0, place = 0;  // of the block's first pixel in the list
  for (int32_t row = 0; row < rows->row_count; row++) {
    const float y = (float)rows->y[row];
    const point start = {row_step.x * y, row_step.y * y, row_step.z * y};
    pixel_range range = {rows->first_x[row], rows->first_x[row] + rows->count[row]};
    if (!is_safe) clip_to_reach(ball->reach, step, start, &range);
    const int32_t row_place = rows->start[row] + range.first - rows->first_x[row];
    if (place + filled != row_place) {
      interpolate(ball, &block, filled, re + place, im + place);
      filled = 0;
      place = row_place;
    }
    while (range.first < range.end) {
      const int32_t left = range.end - range.first, count = left < BLOCK - filled ? left : BLOCK - filled;
      locate(&block, filled, range.first, count, m, start, side, origin);
      if (ball->linear_limit < INFINITY) snap_3d(ball, &block, filled, range.first, count, m, start);
      range.first += count;
      filled += count;
      if (filled < BLOCK) break;
      interpolate(ball, &block, BLOCK, re + place, im + place);
      place += BLOCK;
      filled = 0;
    }
  }
  interpolate(ball, &block, filled, re + place, im + place);
}

DISPATCHED
void slice_extract_2d(const fourier_ball *ball, const float m[4], const slice_rows *rows, float *re, float *im) {
  const int32_t width = ball->width;
  const float *data = ball->data;
  const int32_t origin = ball->origin * width;
  int32_t offset[BLOCK];
  f2 value[BLOCK];
  float fx[BLOCK], fy[BLOCK], sign[BLOCK];
  const int is_safe = is_all_within_reach(ball->reach, (point){m[0], m[2], 0.0f}, (point){m[1], m[3], 0.0f}, rows->radius);
  if (!is_safe) clear(rows, re, im);
  for (int32_t row = 0; row < rows->row_count; row++) {
    const float y = (float)rows->y[row];
    const float bx = m[1] * y, by = m[3] * y;
    pixel_range range = {rows->first_x[row], rows->first_x[row] + rows->count[row]};
    if (!is_safe) clip_to_reach(ball->reach, (point){m[0], m[2], 0.0f}, (point){bx, by, 0.0f}, &range);
    const int32_t count = range.end - range.first, first = range.first;
    float *out_re = re + rows->start[row] - rows->first_x[row] + first, *out_im = im + rows->start[row] - rows->first_x[row] + first;
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
      if (ball->linear_limit < INFINITY) snap_2d(ball, m, (float)(first + begin), y, n, fx, fy, offset);
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
