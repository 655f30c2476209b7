// Kernels of picking: passes over the rows of correlation maps.
#pragma once
#include <stddef.h>

/// best[i] becomes the larger of itself and value[i], and number[i] becomes `this` where that is value[i]; of equal values
/// the one with the lower number stays.
void keep_best(const float *value, float this, float *best, float *number, size_t count);

/// product = conj(a) · b of interleaved coefficients; a · b where `turned` is not 0.
void correlate_coefficients(const float *a, const float *b, int turned, float *product, size_t count);

/// best[i] becomes value[i] where that is larger, and name[i] becomes `this` there.
void keep_larger(const float *value, float this, float *best, float *name, size_t count);
