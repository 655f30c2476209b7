// One row of a contrast transfer function.
#pragma once
#include <stddef.h>

/// Phase of the transfer function as a polynomial of the frequency (x, y) in 1/Angstrom.
typedef struct {
  double xx, xy, yy;     ///< quadratic form of defocus and astigmatism
  double fourth;         ///< factor of (x*x + y*y)^2
  double constant;
  double xStep, yStep;   ///< change of the frequency per column
  double xStart, yStart; ///< frequency of column 0
} transfer_function_row;

/// phase[i] = polynomial at column i, plus offset[i] unless offset is NULL.
void kernels_transfer_function_phase(const transfer_function_row *row, const float *offset, double *phase, size_t count);

/// result[i] = -scale * sin(polynomial at column i + offset[i]); offset may be NULL. Error below 3e-7 * scale for phases below
/// 1e6 radians.
void kernels_transfer_function(const transfer_function_row *row, const float *offset, float scale, float *result,
                               size_t count);
