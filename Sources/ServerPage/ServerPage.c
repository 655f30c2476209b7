#include "ServerPage.h"

#include <string.h>

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "../Server/Page/index.html"
};
static const unsigned char style_css[] = {
#embed "../Server/Page/style.css"
};
static const unsigned char app_js[] = {
#embed "../Server/Page/app.js"
};
static const unsigned char server_js[] = {
#embed "../Server/Page/server.js"
};
static const unsigned char form_js[] = {
#embed "../Server/Page/form.js"
};
static const unsigned char job_js[] = {
#embed "../Server/Page/job.js"
};
static const unsigned char camera_js[] = {
#embed "../Server/Page/map/camera.js"
};
static const unsigned char surface_mesh_js[] = {
#embed "../Server/Page/map/surface-mesh.js"
};
static const unsigned char volume_view_js[] = {
#embed "../Server/Page/map/volume-view.js"
};
static const unsigned char files_browse_js[] = {
#embed "../Server/Page/files/browse.js"
};
static const unsigned char files_browse_css[] = {
#embed "../Server/Page/files/browse.css"
};
static const unsigned char files_templates_js[] = {
#embed "../Server/Page/files/templates.js"
};
static const unsigned char files_disk_js[] = {
#embed "../Server/Page/files/disk.js"
};
static const unsigned char files_size_js[] = {
#embed "../Server/Page/files/size.js"
};

#define FILE_ENTRY(name, bytes) { name, bytes, sizeof bytes }

static const server_page_file files[] = {
    FILE_ENTRY("index.html", index_html),
    FILE_ENTRY("style.css", style_css),
    FILE_ENTRY("app.js", app_js),
    FILE_ENTRY("server.js", server_js),
    FILE_ENTRY("form.js", form_js),
    FILE_ENTRY("job.js", job_js),
    FILE_ENTRY("map/camera.js", camera_js),
    FILE_ENTRY("map/surface-mesh.js", surface_mesh_js),
    FILE_ENTRY("map/volume-view.js", volume_view_js),
    FILE_ENTRY("files/browse.js", files_browse_js),
    FILE_ENTRY("files/browse.css", files_browse_css),
    FILE_ENTRY("files/templates.js", files_templates_js),
    FILE_ENTRY("files/disk.js", files_disk_js),
    FILE_ENTRY("files/size.js", files_size_js),
};

const server_page_file *server_page_find(const char *name) {
    for (size_t i = 0; i < sizeof files / sizeof *files; ++i) {
        if (strcmp(files[i].name, name) == 0) return &files[i];
    }
    return NULL;
}
