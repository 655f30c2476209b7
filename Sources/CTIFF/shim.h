// libtiff for Swift: its variable argument lists as plain functions, and its messages kept by file instead of printed.
#pragma once
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

/// An open file and the last error that libtiff had with it.
typedef struct {
  TIFF *file;
  char message[256];
} ctiff_handle;

#if TIFFLIB_VERSION >= 20221213
static inline int ctiff_keep_error(TIFF *file, void *user, const char *module, const char *format, va_list arguments) {
  (void)file;
  (void)module;
  ctiff_handle *handle = (ctiff_handle *)user;
  // The first message names the cause, later ones what followed from it.
  if (handle->message[0] == 0) vsnprintf(handle->message, sizeof handle->message, format, arguments);
  return 1;
}

static inline int ctiff_drop_warning(TIFF *file, void *user, const char *module, const char *format, va_list arguments) {
  (void)file;
  (void)user;
  (void)module;
  (void)format;
  (void)arguments;
  return 1;
}
#endif

/// Opens a file; null when libtiff refuses it, with the reason in `message` (256 bytes). The descriptor belongs to the
/// handle from then on.
static inline ctiff_handle *ctiff_open(int descriptor, const char *name, const char *mode, int64_t largest_allocation,
                                       char *message) {
  ctiff_handle *handle = (ctiff_handle *)calloc(1, sizeof(ctiff_handle));
  message[0] = 0;
  if (handle == NULL) return NULL;
#if TIFFLIB_VERSION >= 20221213
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (options != NULL) {
    TIFFOpenOptionsSetMaxSingleMemAlloc(options, largest_allocation);
    TIFFOpenOptionsSetErrorHandlerExtR(options, ctiff_keep_error, handle);
    TIFFOpenOptionsSetWarningHandlerExtR(options, ctiff_drop_warning, NULL);
    handle->file = TIFFFdOpenExt(descriptor, name, mode, options);
    TIFFOpenOptionsFree(options);
  }
#else
  (void)largest_allocation;
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  handle->file = TIFFFdOpen(descriptor, name, mode);
#endif
  if (handle->file != NULL) return handle;
  memcpy(message, handle->message, sizeof handle->message);
  free(handle);
  return NULL;
}

static inline void ctiff_close(ctiff_handle *handle) {
  TIFFClose(handle->file);
  free(handle);
}

/// Fields of the current directory; 0 when it has no such field. Defaults of the format count as present.
static inline int ctiff_get_u32(ctiff_handle *handle, uint32_t tag, uint32_t *value) {
  return TIFFGetFieldDefaulted(handle->file, tag, value);
}
static inline int ctiff_get_u16(ctiff_handle *handle, uint32_t tag, uint16_t *value) {
  return TIFFGetFieldDefaulted(handle->file, tag, value);
}
static inline int ctiff_get_float(ctiff_handle *handle, uint32_t tag, float *value) {
  return TIFFGetField(handle->file, tag, value);
}

static inline int ctiff_set_integer(ctiff_handle *handle, uint32_t tag, uint32_t value) {
  return TIFFSetField(handle->file, tag, value);
}
static inline int ctiff_set_real(ctiff_handle *handle, uint32_t tag, double value) {
  return TIFFSetField(handle->file, tag, value);
}
static inline int ctiff_set_text(ctiff_handle *handle, uint32_t tag, const char *value) {
  return TIFFSetField(handle->file, tag, value);
}
