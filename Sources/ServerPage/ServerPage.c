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
static const unsigned char viewers_map_js[] = {
#embed "../Server/Page/viewers/map.js"
};
static const unsigned char viewers_map_pane_js[] = {
#embed "../Server/Page/viewers/map-pane.js"
};
static const unsigned char viewers_section_view_js[] = {
#embed "../Server/Page/viewers/section-view.js"
};
static const unsigned char viewers_map_css[] = {
#embed "../Server/Page/viewers/map.css"
};
static const unsigned char viewers_micrograph_js[] = {
#embed "../Server/Page/viewers/micrograph.js"
};
static const unsigned char picking_picking_js[] = {
#embed "../Server/Page/picking/picking.js"
};
static const unsigned char picking_picking_css[] = {
#embed "../Server/Page/picking/picking.css"
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
    FILE_ENTRY("viewers/map.js", viewers_map_js),
    FILE_ENTRY("viewers/map-pane.js", viewers_map_pane_js),
    FILE_ENTRY("viewers/section-view.js", viewers_section_view_js),
    FILE_ENTRY("viewers/map.css", viewers_map_css),
    FILE_ENTRY("viewers/micrograph.js", viewers_micrograph_js),
    FILE_ENTRY("picking/picking.js", picking_picking_js),
    FILE_ENTRY("picking/picking.css", picking_picking_css),
};

const server_page_file *server_page_find(const char *name) {
    for (size_t i = 0; i < sizeof files / sizeof *files; ++i) {
        if (strcmp(files[i].name, name) == 0) return &files[i];
    }
    return NULL;
}
