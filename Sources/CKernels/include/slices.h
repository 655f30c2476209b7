// Kernels of projection matching: slices of padded references, inner products of spectra, selection of samples.
//
// Spectra of images are *planar pixel lists*: the real parts of all pixels, then the imaginary parts, each part padded
// with zeros to `stride` floats (a multiple of 16). Pixels are ordered by rows (see `slice_rows`).
// Padded references and accumulators hold the half x >= 0 of a ball (or disc), interleaved, row after row, x fastest.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Rows of a pixel list: row i holds the frequencies (first_x[i] ... first_x[i] + count[i] - 1, y[i]), which start at
/// position start[i] of the list.
typedef struct {
  int32_t row_count;
  const int32_t *y;
  const int32_t *first_x;
  const int32_t *count;
  const int32_t *start;
  float radius;  // no pixel lies farther from the centre
} slice_rows;

/// The half x >= 0 of a ball, or of a disc: element (x, y, z) is element x of row (z + origin) * side + y + origin.
typedef struct {
  float *data;                // extraction: (re, im) an element; insertion: (re, im, weight, unused)
  const uint32_t *row_starts; // per row (y, z), numbers of the first elements of rows (y, z) and (y, z + 1); not used by discs,
                              // whose rows all have `width` elements
  int32_t width;
  int32_t side, origin;       // rows along y (and z); the row of y = 0
  float reach;                // points farther from the centre are not touched; their neighbours may lie outside the rows
  /// Squared distance from the centre, in elements, from which on the nearest element stands for a point; INFINITY:
  /// interpolation is linear everywhere.
  float linear_limit;
} fourier_ball;

/// Extracts a central slice by trilinear interpolation (or by nearest neighbour, see above). The frequency (x, y) of the slice lies at
/// m * (x, y) in the ball, m: 3 × 2, row-major, in elements per image frequency. Pixels beyond its reach become zero.
void slice_extract_3d(const fourier_ball *ball, const float m[6], const slice_rows *rows, float *re, float *im);
/// The same from a plane by bilinear interpolation, m: 2 × 2.
void slice_extract_2d(const fourier_ball *ball, const float m[4], const slice_rows *rows, float *re, float *im);

/// Inserts a slice (transpose of the extraction), with its weights, into the planes z_first <= z < z_last of the ball.
/// data += slice, weight += weight_scale * weights.
void slice_insert_3d(const fourier_ball *ball, const float m[6], const slice_rows *rows, const float *re, const float *im,
                     const float *weights, float weight_scale, int32_t z_first, int32_t z_last);
void slice_insert_2d(const fourier_ball *ball, const float m[4], const slice_rows *rows, const float *re, const float *im,
                     const float *weights, float weight_scale);

/// out[i * out_stride + j] = sum_k a[i * a_stride + k] * b[j * b_stride + k]; k < length, a multiple of 16.
void dot_block(const float *a, size_t a_stride, int32_t a_count, const float *b, size_t b_stride, int32_t b_count,
               size_t length, float *out, size_t out_stride);
/// The same where row j of b is at b_rows[j].
void dot_block_rows(const float *a, size_t a_stride, int32_t a_count, const float *const *b_rows, int32_t b_count,
                    size_t length, float *out, size_t out_stride);

/// Whether this machine multiplies bfloat16 numbers faster than single-precision ones.
int bfloat_products_are_fast(void);
/// dot_block of bfloat16 numbers; length a multiple of 32.
void bfloat_dot_block(const uint16_t *a, size_t a_stride, int32_t a_count, const uint16_t *b, size_t b_stride,
                      int32_t b_count, size_t length, float *out, size_t out_stride);
/// Rounds finite numbers to bfloat16.
void bfloat_from_float(const float *source, size_t length, uint16_t *target);

/// sum_k n[k] * (re[k]^2 + im[k]^2), length a multiple of 16.
float weighted_norm(const float *n, const float *re, const float *im, size_t length);
/// out[k] = re[k]^2 + im[k]^2.
void squared_modulus(const float *re, const float *im, size_t length, float *out);
/// (out_re, out_im) = (a_re + i a_im) * (b_re + i b_im).
void complex_multiply(const float *a_re, const float *a_im, const float *b_re, const float *b_im, size_t length,
                      float *out_re, float *out_im);
/// y += alpha * x.
void add_scaled(float alpha, const float *x, size_t length, float *y);
/// Adds a weighted sum of shifts of an image to a slice: sum += X * sum_s weights[s] * e_s, e_s the planar phase factors at
/// phases + shifts[s] * 2 * stride; weight_sum += total * image_weights. Spectra have 2 * stride floats, weights stride.
void add_shifted_sum(const float *image, const float *image_weights, float total, const float *phases,
                     const uint32_t *shifts, const float *weights, size_t count, size_t stride, float *sum,
                     float *weight_sum);
/// The inner products, pixel by pixel, of the same sum with a slice: cross += Re(conj(slice) * X * sum_s weights[s] * e_s),
/// power += total * |slice|^2.
void add_shifted_products(const float *image, const float *slice, float total, const float *phases,
                          const uint32_t *shifts, const float *weights, size_t count, size_t stride, float *cross,
                          float *power);
/// sum -= factors * slice, factors real.
void subtract_products(const float *factors, const float *slice, size_t stride, float *sum);
/// Largest of x[0 ..< length]; -inf for an empty array.
float maximum_of(const float *x, size_t length);
/// score[j] = row_prior + column_prior[j] - norm + cross[j]; returns the largest.
float scores_from_products(const float *cross, const float *column_prior, float row_term, size_t length, float *score);
/// Positions of all x[i] > threshold, in order; returns how many (at most capacity are written).
size_t positions_above(const float *x, size_t length, float threshold, uint32_t *positions, size_t capacity);
