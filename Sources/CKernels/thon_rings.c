#include "thon_rings.h"
#include "dispatch.h"

enum { LANES = 16 };

// -cos(2 pi turns) = sin(2 pi (|f| - 1/4)), f in -1/2 ... 1/2: an odd polynomial of degree 9 on -pi/2 ... pi/2, error 4e-6.
static inline __attribute__((always_inline)) float ring(float turns) {
  float f = turns - __builtin_rintf(turns);
  float x = (__builtin_fabsf(f) - 0.25f) * 6.28318530717959f;
  float s = x * x;
  float p = 2.75573192239859e-6f;
  p = p * s - 1.98412698412698e-4f;
  p = p * s + 8.33333333333333e-3f;
  p = p * s - 1.66666666666667e-1f;
  return x + x * s * p;
}

static inline __attribute__((always_inline)) float lane_sum(const float *lanes) {
  float half[LANES / 2];
  for (int i = 0; i < LANES / 2; i++) half[i] = lanes[i] + lanes[i + LANES / 2];
  return ((half[0] + half[4]) + (half[2] + half[6])) + ((half[1] + half[5]) + (half[3] + half[7]));
}

DISPATCHED
void kernels_ring_sums(const ring_pixels *pixels, float mean, float a, float b, float constant, float *sums) {
  const float *square = pixels->square, *cosine = pixels->cosine, *sine = pixels->sine, *fourth = pixels->fourth;
  const float *value = pixels->value, *weight = pixels->weight;
  for (size_t shell = 0; shell < pixels->shell_count; shell++) {
    float first[LANES] = {0}, second[LANES] = {0}, product[LANES] = {0};
    for (size_t start = pixels->starts[shell]; start < pixels->starts[shell + 1]; start += LANES) {
      for (int lane = 0; lane < LANES; lane++) {
        size_t i = start + (size_t)lane;
        float m = weight[i] * ring(mean * square[i] + a * cosine[i] + b * sine[i] - fourth[i] + constant);
        first[lane] += m;
        second[lane] += m * m;
        product[lane] += m * value[i];
      }
    }
    sums[3 * shell] = lane_sum(first);
    sums[3 * shell + 1] = lane_sum(second);
    sums[3 * shell + 2] = lane_sum(product);
  }
}

DISPATCHED
void kernels_ring_values(const ring_pixels *pixels, float mean, float a, float b, float constant, float *result) {
  size_t count = pixels->starts[pixels->shell_count];
  for (size_t i = 0; i < count; i++) {
    float turns = mean * pixels->square[i] + a * pixels->cosine[i] + b * pixels->sine[i] - pixels->fourth[i] + constant;
    result[i] = pixels->weight[i] * ring(turns);
  }
}
