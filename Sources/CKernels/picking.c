// Passes over rows that lie in the first cache; bound by its loads and stores.
#include "picking.h"
#include "dispatch.h"

DISPATCHED
void keep_best(const float *restrict value, float this, float *restrict best, float *restrict number, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float new = value[i], old = best[i], before = number[i];
    const int better = (new > old) | ((new == old) & (before > this));
    best[i] = better ? new : old;
    number[i] = better ? this : before;
  }
}

DISPATCHED
void correlate_coefficients(const float *restrict a, const float *restrict b, int turned, float *restrict product,
                            size_t count) {
  const float sign = turned ? 1.0f : -1.0f;
  for (size_t i = 0; i < count; i++) {
    const float re = a[2 * i], im = sign * a[2 * i + 1];
    product[2 * i] = re * b[2 * i] - im * b[2 * i + 1];
    product[2 * i + 1] = re * b[2 * i + 1] + im * b[2 * i];
  }
}

DISPATCHED
void keep_larger(const float *restrict value, float this, float *restrict best, float *restrict name, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const int better = value[i] > best[i];
    best[i] = better ? value[i] : best[i];
    name[i] = better ? this : name[i];
  }
}
