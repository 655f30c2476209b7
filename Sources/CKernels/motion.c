#include "motion.h"
#include "dispatch.h"
#include <math.h>

#pragma clang fp contract(fast)

#define TO_IMAGE(NAME, TYPE)                                                                          \
  DISPATCHED                                                                                          \
  void NAME(const TYPE *counts, const float *gain, float *target, size_t count) {                     \
    if (gain) {                                                                                       \
      for (size_t i = 0; i < count; i++) target[i] = (float)counts[i] * gain[i];                      \
    } else {                                                                                          \
      for (size_t i = 0; i < count; i++) target[i] = (float)counts[i];                                \
    }                                                                                                 \
  }
TO_IMAGE(counts8_to_image, uint8_t)
TO_IMAGE(counts16_to_image, uint16_t)
TO_IMAGE(floats_to_image, float)

DISPATCHED
int are_counts(const float *values, size_t count, float *highest) {
  float most = 0;
  int bad = 0;
  for (size_t i = 0; i < count; i++) {
    const float v = values[i];
    most = v > most ? v : most;
    bad |= !(v >= 0 && v <= 65535) || v != truncf(v);
  }
  *highest = most;
  return !bad;
}

DISPATCHED
void counts_to_bytes(const float *values, uint8_t *target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = (uint8_t)(int32_t)values[i];
}

DISPATCHED
void counts_to_words(const float *values, uint16_t *target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = (uint16_t)(int32_t)values[i];
}

DISPATCHED
void correlation_with_others(const float *sum, const float *own, const float *weights, float *product, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float a = sum[2 * i] - own[2 * i], b = sum[2 * i + 1] - own[2 * i + 1];
    const float c = own[2 * i], d = own[2 * i + 1], w = weights[i];
    product[2 * i] = w * (a * c + b * d);
    product[2 * i + 1] = w * (b * c - a * d);
  }
}

DISPATCHED
void mean_of_four(const float *a, const float *b, float *target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = 0.25f * (a[2 * i] + a[2 * i + 1] + b[2 * i] + b[2 * i + 1]);
}

DISPATCHED
void shift_and_weight_row(float *coefficients, size_t count, const float *column, float row_real, float row_imaginary,
                          const float *table, float kx_step, float ky, float scale) {
  const float ky2 = ky * ky;
  for (size_t x = 0; x < count; x++) {
    const float pr = column[2 * x] * row_real - column[2 * x + 1] * row_imaginary;
    const float pi = column[2 * x] * row_imaginary + column[2 * x + 1] * row_real;
    float weight = 1;
    if (table) {
      const float kx = (float)x * kx_step;
      const float place = sqrtf(ky2 + kx * kx) * scale;
      const int32_t i = (int32_t)place;
      const float t = place - (float)i;
      weight = table[i] + t * (table[i + 1] - table[i]);
    }
    const float re = coefficients[2 * x], im = coefficients[2 * x + 1];
    coefficients[2 * x] = weight * (re * pr - im * pi);
    coefficients[2 * x + 1] = weight * (re * pi + im * pr);
  }
}

DISPATCHED
void add_floats(float *sum, const float *values, size_t count) {
  for (size_t i = 0; i < count; i++) sum[i] += values[i];
}

DISPATCHED
void add_moduli(float *sum, const float *coefficients, size_t count) {
  for (size_t i = 0; i < count; i++)
    sum[i] += sqrtf(coefficients[2 * i] * coefficients[2 * i] + coefficients[2 * i + 1] * coefficients[2 * i + 1]);
}

// Keys (1981), IEEE Trans. ASSP 29, 1153: weights of the four points around a fraction t.
static inline void keys_weights(float t, float w[4]) {
  const float t2 = t * t, t3 = t2 * t;
  w[0] = 0.5f * (-t3 + 2 * t2 - t);
  w[1] = 0.5f * (3 * t3 - 5 * t2 + 2);
  w[2] = 0.5f * (-3 * t3 + 4 * t2 + t);
  w[3] = 0.5f * (t3 - t2);
}

static inline int clamped(int i, int last) { return i < 0 ? 0 : i > last ? last : i; }

typedef float f16 __attribute__((vector_size(64), aligned(4)));

DISPATCHED
void add_interpolated_row(const float *image, ptrdiff_t stride, int width, int height, int y, const float *dx, const float *dy,
                          float *sum) {
  for (int block = 0; 16 * block < width; block++) {
    const int first = 16 * block, count = width - first < 16 ? width - first : 16;
    const float sx = -dx[block], sy = -dy[block];
    const float fx = floorf(sx), fy = floorf(sy);
    float wx[4], wy[4];
    keys_weights(sx - fx, wx);
    keys_weights(sy - fy, wy);
    const int x0 = first + (int)fx - 1, y0 = y + (int)fy - 1;
    if (count == 16 && x0 >= 0 && x0 + 19 <= width && y0 >= 0 && y0 + 4 <= height) {
      f16 total = {0};
      const float *row = image + y0 * stride + x0;
      for (int j = 0; j < 4; j++, row += stride) {
        f16 line = wx[0] * *(const f16 *)row + wx[1] * *(const f16 *)(row + 1) + wx[2] * *(const f16 *)(row + 2)
                   + wx[3] * *(const f16 *)(row + 3);
        total += wy[j] * line;
      }
      *(f16 *)(sum + first) += total;
    } else {
      for (int i = 0; i < count; i++) {
        float total = 0;
        for (int j = 0; j < 4; j++) {
          const float *row = image + clamped(y0 + j, height - 1) * stride;
          float line = 0;
          for (int k = 0; k < 4; k++) line += wx[k] * row[clamped(x0 + i + k, width - 1)];
          total += wy[j] * line;
        }
        sum[first + i] += total;
      }
    }
  }
}
