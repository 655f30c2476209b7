// Files of the page in Sources/Server/Page, embedded in the executable so that there is nothing to install beside it.
#ifndef SERVER_PAGE_H
#define SERVER_PAGE_H

#include <stddef.h>

typedef struct {
    const char *name;
    const unsigned char *bytes;
    size_t count;
} server_page_file;

/// NULL where there is no file of this name (`map/camera.js`).
const server_page_file *server_page_find(const char *name);

#endif
