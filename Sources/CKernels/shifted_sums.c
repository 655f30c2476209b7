// Weighted sums of shifted images, without shifted images: sum_s w_s e_s X = X (sum_s w_s e_s).
//
// Per pixel and shift 4 flops and 8 bytes of phase factors, which stay in the second-level cache; per pixel 8 to 14 flops more.
// Blocks of 64 pixels give eight independent chains of multiply-adds, enough to hide their latency.
#include "slices.h"
#include "dispatch.h"

#pragma clang fp contract(fast)

typedef float f16 __attribute__((vector_size(64), aligned(4)));

// Sums of phase factors for V vectors of pixels from k on: (pr, pi).
#define PHASES(V)                                                                      \
  f16 pr[V], pi[V];                                                                    \
  _Pragma("unroll") for (int v = 0; v < V; v++) pr[v] = pi[v] = (f16){0};              \
  for (size_t s = 0; s < count; s++) {                                                 \
    const float *p = phases + shifts[s] * 2 * stride + k;                              \
    const float w = weights[s];                                                        \
    _Pragma("unroll") for (int v = 0; v < V; v++) {                                    \
      pr[v] += w * *(const f16 *)(p + 16 * v);                                         \
      pi[v] += w * *(const f16 *)(p + stride + 16 * v);                                \
    }                                                                                  \
  }

#define AT(array, v) (*(f16 *)((array) + k + 16 * (v)))
#define GET(array, v) (*(const f16 *)((array) + k + 16 * (v)))

#define ADD_SHIFTED(V)                                                                 \
  {                                                                                    \
    PHASES(V)                                                                          \
    _Pragma("unroll") for (int v = 0; v < V; v++) {                                    \
      const f16 re = GET(image, v), im = GET(image + stride, v);                       \
      AT(sum, v) += re * pr[v] - im * pi[v];                                           \
      AT(sum + stride, v) += re * pi[v] + im * pr[v];                                  \
      AT(weight_sum, v) += total * GET(image_weights, v);                              \
    }                                                                                  \
  }

DISPATCHED
void add_shifted_sum(const float *image, const float *image_weights, float total, const float *phases,
                     const uint32_t *shifts, const float *weights, size_t count, size_t stride, float *sum,
                     float *weight_sum) {
  size_t k = 0;
  for (; k + 64 <= stride; k += 64) ADD_SHIFTED(4)
  for (; k < stride; k += 16) ADD_SHIFTED(1)
}

#define ADD_PRODUCTS(V)                                                                \
  {                                                                                    \
    PHASES(V)                                                                          \
    _Pragma("unroll") for (int v = 0; v < V; v++) {                                    \
      const f16 re = GET(image, v), im = GET(image + stride, v);                       \
      const f16 a = GET(slice, v), b = GET(slice + stride, v);                         \
      AT(cross, v) += (re * pr[v] - im * pi[v]) * a + (re * pi[v] + im * pr[v]) * b;   \
      AT(power, v) += total * (a * a + b * b);                                         \
    }                                                                                  \
  }

DISPATCHED
void add_shifted_products(const float *image, const float *slice, float total, const float *phases,
                          const uint32_t *shifts, const float *weights, size_t count, size_t stride, float *cross,
                          float *power) {
  size_t k = 0;
  for (; k + 64 <= stride; k += 64) ADD_PRODUCTS(4)
  for (; k < stride; k += 16) ADD_PRODUCTS(1)
}

DISPATCHED
void subtract_products(const float *restrict factors, const float *restrict slice, size_t stride, float *restrict sum) {
  for (size_t k = 0; k < stride; k++) {
    sum[k] -= factors[k] * slice[k];
    sum[k + stride] -= factors[k] * slice[k + stride];
  }
}
