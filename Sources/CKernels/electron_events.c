// Electron-event frames: one word an event, drawn as it is decoded. About 1.4 bytes in and one float changed per event; bound by
// wrongly predicted escapes (one event in ten at 0.018 electrons a pixel) while the drawn band of the image stays in the cache.
#include "CKernels.h"
#include "dispatch.h"
#include <string.h>

typedef struct {
  uint32_t x_mask, y_mask, x_turn, y_turn;
  int64_t columns;
  int log2_width, x_bits, y_bits, run_bits, x_shift, y_shift;
  size_t width;
} event_grid;

/// Where the event of a detector pixel lies in the image. `is_physical`: the image has the detector's pixels.
static inline __attribute__((always_inline)) size_t place_of(const event_grid *grid, int is_physical, int64_t pixel,
                                                             uint64_t chunk) {
  if (is_physical) return (size_t)pixel;
  const uint32_t place = (uint32_t)(chunk >> grid->run_bits);
  // Signed places become counted from the pixel's edge by turning their top bit.
  const uint32_t x = (uint32_t)(pixel & grid->columns) << grid->x_bits | ((place & grid->x_mask) ^ grid->x_turn);
  const uint32_t y = (uint32_t)(pixel >> grid->log2_width) << grid->y_bits | (((place >> grid->x_bits) & grid->y_mask) ^ grid->y_turn);
  return (size_t)(y >> grid->y_shift) * grid->width + (x >> grid->x_shift);
}

/// Words that are taken from one load of 8 bytes: 7 bits may be lost to the byte's start, 11 or 12 bits are a word.
enum { words_in_load = 4 };

static inline __attribute__((always_inline)) int64_t draw(
    const event_code *code, int run_bits, int x_bits, int y_bits, int escape_has_place, int is_physical, const uint8_t *words,
    uint64_t bit_count, event_cursor *cursor, int64_t end, float step, float *image) {
  const uint32_t escape = (1u << run_bits) - 1;
  const event_grid grid = {(1u << x_bits) - 1, (1u << y_bits) - 1, (1u << x_bits) >> 1, (1u << y_bits) >> 1,
                           ((int64_t)1 << code->log2_width) - 1, code->log2_width, x_bits, y_bits, run_bits,
                           code->x_shift, code->y_shift, (size_t)code->image_width};
  const uint64_t event_bits = run_bits + x_bits + y_bits, escape_bits = escape_has_place ? event_bits : run_bits;
  const int64_t pixel_count = code->pixel_count, last = end < pixel_count ? end : pixel_count;
  uint64_t bit = cursor->bit, chunk;
  int64_t pixel = cursor->pixel, events = 0;
  // Far from the end of the band and of the words, several events need no test of either.
  const int64_t reach = words_in_load * ((int64_t)escape + 1);
  if (7 + words_in_load * event_bits <= 64) {
    while (pixel + reach <= last && bit + words_in_load * event_bits <= bit_count) {
      memcpy(&chunk, words + (bit >> 3), 8);
      chunk >>= bit & 7;
#pragma GCC unroll 4
      for (int i = 0; i < words_in_load; i++) {
        const uint32_t run = (uint32_t)chunk & escape;
        pixel += run;
        if (run == escape) {
          bit += escape_bits;
          break;
        }
        image[place_of(&grid, is_physical, pixel, chunk)] += step;
        pixel++;
        events++;
        bit += event_bits;
        chunk >>= event_bits;
      }
    }
  }
  while (pixel < end && bit + run_bits <= bit_count) {
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
    image[place_of(&grid, is_physical, pixel, chunk)] += step;
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
  const int physical = code->x_shift == x && code->y_shift == y;
  // The codes in use get loops with constants.
#define DRAW(run, x, y, old)                                                                        \
  return physical ? draw(code, run, x, y, old, 1, words, bit_count, cursor, end, step, image) \
                  : draw(code, run, x, y, old, 0, words, bit_count, cursor, end, step, image)
  if (run == 7 && x == 2 && y == 2 && !old) DRAW(7, 2, 2, 0);
  if (run == 8 && x == 2 && y == 2 && old) DRAW(8, 2, 2, 1);
  if (run == 7 && x == 1 && y == 1 && !old) DRAW(7, 1, 1, 0);
  DRAW(run, x, y, old);
#undef DRAW
}
