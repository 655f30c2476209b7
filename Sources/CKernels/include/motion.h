// Kernels of motion correction: frames of counts to images, shifts and weights of spectra, sums of warped images.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// target[x] = counts[x] · gain[x]; gain may be NULL (1).
void counts8_to_image(const uint8_t *counts, const float *gain, float *target, size_t count);
void counts16_to_image(const uint16_t *counts, const float *gain, float *target, size_t count);
void floats_to_image(const float *values, const float *gain, float *target, size_t count);

/// Whether all values are whole numbers from 0 to 65535; `highest` receives the largest.
int are_counts(const float *values, size_t count, float *highest);
void counts_to_bytes(const float *values, uint8_t *target, size_t count);
void counts_to_words(const float *values, uint16_t *target, size_t count);

/// Interleaved coefficients: product = weight · (sum − own) · conj(own).
void correlation_with_others(const float *sum, const float *own, const float *weights, float *product, size_t count);

/// Adds the mean of pairs of two rows: target[i] = (a[2i] + a[2i+1] + b[2i] + b[2i+1]) / 4.
void mean_of_four(const float *a, const float *b, float *target, size_t count);

/// One row of a spectrum: interleaved coefficients times column[x] · row, and times a radial weight unless `table` is NULL.
/// The weight is interpolated in `table` at sqrt(ky² + (x · kx_step)²) · scale.
void shift_and_weight_row(float *coefficients, size_t count, const float *column, float row_real, float row_imaginary,
                          const float *table, float kx_step, float ky, float scale);

/// Adds interleaved coefficients.
void add_floats(float *sum, const float *values, size_t count);
/// Adds moduli of interleaved coefficients.
void add_moduli(float *sum, const float *coefficients, size_t count);

/// Adds one row of an image as seen at (x − dx, y − dy) to `sum`, with Keys' cubic interpolation (a = −1/2).
///
/// dx and dy are given for blocks of 16 pixels and hold for the whole block. Outside of the image its edge goes on.
void add_interpolated_row(const float *image, ptrdiff_t stride, int width, int height, int y, const float *dx, const float *dy,
                          float *sum);
