// Decoding of electron-event frames (EER) straight into an image.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// How the events of a frame are coded, and the grid that they are drawn on.
///
/// A frame is a sequence of words, lowest bit first: `run_bits` with the number of empty pixels before the event, then
/// `x_bits + y_bits` with its place within the pixel. A run of all ones is an escape: so many empty pixels, no event; only
/// in the older code (`escape_has_place`) are the place bits there all the same. Places are signed: the middle of the
/// pixel is 0.
typedef struct {
  int32_t run_bits, x_bits, y_bits;
  int32_t escape_has_place;
  /// The detector has 2^log2_width columns.
  int32_t log2_width;
  int64_t pixel_count;
  /// Right shifts from the finest grid (columns << x_bits, rows << y_bits) to the image.
  int32_t x_shift, y_shift;
  int32_t image_width;
} event_code;

/// Where the decoding of one frame stands.
typedef struct {
  uint64_t bit;
  int64_t pixel;
} event_cursor;

/// Adds `step` to the image for each event until pixel `end` is passed or the words run out; gives the number of events.
/// One event may lie behind `end`, by less than 2^run_bits pixels.
/// `words` is followed by 8 readable bytes. After the whole frame, cursor->pixel == code->pixel_count unless the frame is damaged;
/// nothing is ever drawn outside the image.
int64_t events_draw(const event_code *code, const uint8_t *words, uint64_t bit_count, event_cursor *cursor, int64_t end,
                    float step, float *image);
