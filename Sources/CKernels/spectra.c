// Element-wise passes over planar spectra; each is bound by the cache that holds its arrays.
#include "slices.h"
#include "dispatch.h"
#include <math.h>

#pragma clang fp contract(fast)

typedef float f16 __attribute__((vector_size(64), aligned(4)));

DISPATCHED
float weighted_norm(const float *n, const float *re, const float *im, size_t length) {
  f16 s = {0}, t = {0};
  for (size_t k = 0; k < length; k += 16) {
    const f16 r = *(const f16 *)(re + k), i = *(const f16 *)(im + k), w = *(const f16 *)(n + k);
    s += w * (r * r);
    t += w * (i * i);
  }
  s += t;
  float a[16];
  *(f16 *)a = s;
  for (int width = 8; width > 0; width /= 2)
    for (int i = 0; i < width; i++) a[i] += a[i + width];
  return a[0];
}

DISPATCHED
void squared_modulus(const float *restrict re, const float *restrict im, size_t length, float *restrict out) {
  for (size_t k = 0; k < length; k++) out[k] = re[k] * re[k] + im[k] * im[k];
}

DISPATCHED
void complex_multiply(const float *restrict a_re, const float *restrict a_im, const float *restrict b_re,
                      const float *restrict b_im, size_t length, float *restrict out_re, float *restrict out_im) {
  for (size_t k = 0; k < length; k++) {
    out_re[k] = a_re[k] * b_re[k] - a_im[k] * b_im[k];
    out_im[k] = a_re[k] * b_im[k] + a_im[k] * b_re[k];
  }
}

DISPATCHED
void add_scaled(float alpha, const float *restrict x, size_t length, float *restrict y) {
  for (size_t k = 0; k < length; k++) y[k] += alpha * x[k];
}

DISPATCHED
float maximum_of(const float *x, size_t length) {
  float m = -INFINITY;
  for (size_t k = 0; k < length; k++) m = x[k] > m ? x[k] : m;
  return m;
}

DISPATCHED
float scores_from_products(const float *restrict cross, const float *restrict column_prior, float row_term,
                           size_t length, float *restrict score) {
  float m = -INFINITY;
  for (size_t k = 0; k < length; k++) {
    const float s = row_term + column_prior[k] + cross[k];
    score[k] = s;
    m = s > m ? s : m;
  }
  return m;
}

DISPATCHED
size_t positions_above(const float *x, size_t length, float threshold, uint32_t *positions, size_t capacity) {
  size_t found = 0;
  size_t k = 0;
  for (; k + 64 <= length; k += 64) {
    int any = 0;
    for (int i = 0; i < 64; i++) any |= x[k + i] > threshold;
    if (!any) continue;
    for (int i = 0; i < 64; i++)
      if (x[k + i] > threshold) {
        if (found < capacity) positions[found] = (uint32_t)(k + i);
        found++;
      }
  }
  for (; k < length; k++)
    if (x[k] > threshold) {
      if (found < capacity) positions[found] = (uint32_t)k;
      found++;
    }
  return found;
}
