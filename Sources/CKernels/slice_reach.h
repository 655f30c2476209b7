// Pixels of a slice that lie within the reach of a ball.
#pragma once
#include "slices.h"

typedef struct {
  float x, y, z;
} point;

typedef struct {
  int32_t first, end;
} pixel_range;

/// Whether all pixels of a slice lie within reach: its radius times the larger singular value of the matrix (columns a, b).
/// As a rule they do; magnification matrices may stretch an image beyond its reference.
static inline int is_all_within_reach(float reach, point a, point b, float radius) {
  const float aa = a.x * a.x + a.y * a.y + a.z * a.z, bb = b.x * b.x + b.y * b.y + b.z * b.z;
  const float ab = a.x * b.x + a.y * b.y + a.z * b.z, half = 0.5f * (aa - bb);
  return (0.5f * (aa + bb) + __builtin_sqrtf(half * half + ab * ab)) * radius * radius <= reach * reach;
}

static inline int is_within_reach(float reach, point step, point start, int32_t x) {
  const float px = step.x * (float)x + start.x, py = step.y * (float)x + start.y, pz = step.z * (float)x + start.z;
  return px * px + py * py + pz * pz <= reach * reach;
}

/// Narrows a range of pixels to those with |start + x * step| <= reach: an interval, since a ball is convex.
static __attribute__((noinline, cold)) void clip_to_reach(float reach, point step, point start, pixel_range *range) {
  while (range->first < range->end && !is_within_reach(reach, step, start, range->first)) range->first++;
  while (range->first < range->end && !is_within_reach(reach, step, start, range->end - 1)) range->end--;
}
