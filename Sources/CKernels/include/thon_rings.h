// Sums over the pixels of a power spectrum, shell by shell, that say how well rings of a defocus fit.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Pixels of one shell follow each other; each shell is padded to a multiple of 16 with pixels of weight 0.
typedef struct {
  const float *square;     // wavelength * k^2, turns per Angstrom of defocus
  const float *cosine;     // the same times cos 2 phi, phi the angle of the pixel from x towards +y
  const float *sine;       // the same times sin 2 phi
  const float *fourth;     // Cs * wavelength^3 * k^4 / 2, turns
  const float *value;      // what is to be explained
  const float *weight;     // 1, or 0 for padding
  const uint32_t *starts;  // shell_count + 1 positions, multiples of 16
  size_t shell_count;
} ring_pixels;

/// For each shell the sums of m, m^2 and m * value, m = -cos(2 pi turns), turns = mean * square + a * cosine + b * sine
/// - fourth + constant: m rises and falls with the squared transfer function.
/// sums: 3 * shell_count numbers, the three of a shell together.
void kernels_ring_sums(const ring_pixels *pixels, float mean, float a, float b, float constant, float *sums);

/// m for every pixel, padding included.
void kernels_ring_values(const ring_pixels *pixels, float mean, float a, float b, float constant, float *result);
