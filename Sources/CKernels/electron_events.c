// Electron-event frames: one word an event, drawn as it is decoded. About 1.4 bytes in and one float changed per event; bound by
// the chain of bit positions (a predicted branch an event) while the drawn band of the image stays in the second-level cache.
#include "CKernels.h"
#include "dispatch.h"
#include <string.h>

static inline __attribute__((always_inline)) int64_t draw(
    const event_code *code, int run_bits, int x_bits, int y_bits, int escape_has_place, const uint8_t *words,
    uint64_t bit_count, event_cursor *cursor, int64_t end, float step, float *image) {
  const uint32_t escape = (1u << run_bits) - 1, x_mask = (1u << x_bits) - 1, y_mask = (1u << y_bits) - 1;
  // Signed places become counted from the pixel's edge by turning their top bit.
  const uint32_t x_turn = (1u << x_bits) >> 1, y_turn = (1u << y_bits) >> 1;
  const int place_bits = x_bits + y_bits;
  const uint64_t event_bits = run_bits + place_bits, escape_bits = escape_has_place ? event_bits : run_bits;
  const int64_t pixel_count = code->pixel_count, columns = ((int64_t)1 << code->log2_width) - 1;
  const int log2_width = code->log2_width, x_shift = code->x_shift, y_shift = code->y_shift;
  const size_t width = code->image_width;
  uint64_t bit = cursor->bit;
  int64_t pixel = cursor->pixel, events = 0;
  while (pixel < end && bit + run_bits <= bit_count) {
    uint64_t chunk;
    memcpy(&chunk, words + (bit >> 3), 8);
    chunk >>= bit & 7;
    const uint32_t run = (uint32_t)chunk & escape;
    pixel += run;
    if (run == escape) {
      bit += escape_bits;
      continue;
    }
    bit += event_bits;
    if (pixel >= pixel_count) break;
    const uint32_t place = (uint32_t)(chunk >> run_bits);
    const uint32_t x = (uint32_t)(pixel & columns) << x_bits | ((place & x_mask) ^ x_turn);
    const uint32_t y = (uint32_t)(pixel >> log2_width) << y_bits | (((place >> x_bits) & y_mask) ^ y_turn);
    image[(size_t)(y >> y_shift) * width + (x >> x_shift)] += step;
    pixel++;
    events++;
  }
  cursor->bit = bit;
  cursor->pixel = pixel;
  return events;
}

DISPATCHED int64_t events_draw(const event_code *code, const uint8_t *words, uint64_t bit_count, event_cursor *cursor,
                               int64_t end, float step, float *image) {
  const int run = code->run_bits, x = code->x_bits, y = code->y_bits, old = code->escape_has_place;
  // The codes in use get loops with constants.
  if (run == 7 && x == 2 && y == 2 && !old) return draw(code, 7, 2, 2, 0, words, bit_count, cursor, end, step, image);
  if (run == 8 && x == 2 && y == 2 && old) return draw(code, 8, 2, 2, 1, words, bit_count, cursor, end, step, image);
  if (run == 7 && x == 1 && y == 1 && !old) return draw(code, 7, 1, 1, 0, words, bit_count, cursor, end, step, image);
  return draw(code, run, x, y, old, words, bit_count, cursor, end, step, image);
}
