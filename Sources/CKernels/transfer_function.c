#include "transfer_function.h"
#include "dispatch.h"

// The phase needs double precision: it reaches thousands of radians at high defocus and resolution. What is left after
// removing multiples of pi does not.

static inline __attribute__((always_inline)) double phase_at(const transfer_function_row *row, size_t column) {
  double x = row->xStart + (double)(int)column * row->xStep;
  double y = row->yStart + (double)(int)column * row->yStep;
  double xx = x * x, yy = y * y, square = xx + yy;
  return row->xx * xx + row->xy * (x * y) + row->yy * yy + row->fourth * square * square + row->constant;
}

// -sin(phase): odd Taylor polynomial of degree 11 on -pi/2 ... pi/2, whose error is 6e-8 at the ends.
static inline __attribute__((always_inline)) float negative_sine(double phase) {
  double turns = __builtin_rint(phase * 0x1.45f306dc9c883p-2);
  float r = (float)((phase - turns * 0x1.921fb54442d18p+1) - turns * 0x1.1a62633145c07p-53);
  double half = turns * 0.5;
  float sign = (float)(4.0 * (half - __builtin_floor(half)) - 1.0);
  float s = r * r;
  float p = -2.50521083854417e-8f;
  p = p * s + 2.75573192239859e-6f;
  p = p * s - 1.98412698412698e-4f;
  p = p * s + 8.33333333333333e-3f;
  p = p * s - 1.66666666666667e-1f;
  return sign * (r + r * s * p);
}

DISPATCHED
void kernels_transfer_function_phase(const transfer_function_row *row, const float *offset, double *phase, size_t count) {
  transfer_function_row local = *row;
  if (offset) {
    for (size_t i = 0; i < count; i++) phase[i] = phase_at(&local, i) + (double)offset[i];
  } else {
    for (size_t i = 0; i < count; i++) phase[i] = phase_at(&local, i);
  }
}

DISPATCHED
void kernels_transfer_function(const transfer_function_row *row, const float *offset, float scale, float *result,
                               size_t count) {
  transfer_function_row local = *row;
  if (offset) {
    for (size_t i = 0; i < count; i++) result[i] = scale * negative_sine(phase_at(&local, i) + (double)offset[i]);
  } else {
    for (size_t i = 0; i < count; i++) result[i] = scale * negative_sine(phase_at(&local, i));
  }
}
