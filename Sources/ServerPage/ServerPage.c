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
static const unsigned char results_scale_js[] = {
#embed "../Server/Page/results/scale.js"
};
static const unsigned char results_plot_js[] = {
#embed "../Server/Page/results/plot.js"
};
static const unsigned char results_charts_js[] = {
#embed "../Server/Page/results/charts.js"
};
static const unsigned char results_tracks_js[] = {
#embed "../Server/Page/results/tracks.js"
};
static const unsigned char results_results_js[] = {
#embed "../Server/Page/results/results.js"
};
static const unsigned char results_addresses_js[] = {
#embed "../Server/Page/results/addresses.js"
};
static const unsigned char results_results_css[] = {
#embed "../Server/Page/results/results.css"
};
static const unsigned char tables_rows_js[] = {
#embed "../Server/Page/tables/rows.js"
};
static const unsigned char tables_table_js[] = {
#embed "../Server/Page/tables/table.js"
};
static const unsigned char tables_tables_css[] = {
#embed "../Server/Page/tables/tables.css"
};
static const unsigned char graph_graph_js[] = {
#embed "../Server/Page/graph/graph.js"
};
static const unsigned char graph_graph_css[] = {
#embed "../Server/Page/graph/graph.css"
};
static const unsigned char viewers_address_js[] = {
#embed "../Server/Page/viewers/address.js"
};
static const unsigned char viewers_open_js[] = {
#embed "../Server/Page/viewers/open.js"
};
static const unsigned char viewers_open_css[] = {
#embed "../Server/Page/viewers/open.css"
};
static const unsigned char viewers_gallery_js[] = {
#embed "../Server/Page/viewers/gallery.js"
};
static const unsigned char viewers_gallery_css[] = {
#embed "../Server/Page/viewers/gallery.css"
};
static const unsigned char viewers_image_source_js[] = {
#embed "../Server/Page/viewers/image-source.js"
};
static const unsigned char viewers_image_details_js[] = {
#embed "../Server/Page/viewers/image-details.js"
};
static const unsigned char viewers_selection_panel_js[] = {
#embed "../Server/Page/viewers/selection-panel.js"
};
static const unsigned char viewers_tile_grid_js[] = {
#embed "../Server/Page/viewers/tile-grid.js"
};
static const unsigned char viewers_tile_loader_js[] = {
#embed "../Server/Page/viewers/tile-loader.js"
};
static const unsigned char select_select_js[] = {
#embed "../Server/Page/select/select.js"
};
static const unsigned char select_select_css[] = {
#embed "../Server/Page/select/select.css"
};
static const unsigned char schemes_schemes_js[] = {
#embed "../Server/Page/schemes/schemes.js"
};
static const unsigned char schemes_schemes_css[] = {
#embed "../Server/Page/schemes/schemes.css"
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
    FILE_ENTRY("viewers/map.js", viewers_map_js),
    FILE_ENTRY("viewers/map-pane.js", viewers_map_pane_js),
    FILE_ENTRY("viewers/section-view.js", viewers_section_view_js),
    FILE_ENTRY("viewers/map.css", viewers_map_css),
    FILE_ENTRY("viewers/micrograph.js", viewers_micrograph_js),
    FILE_ENTRY("picking/picking.js", picking_picking_js),
    FILE_ENTRY("picking/picking.css", picking_picking_css),
    FILE_ENTRY("results/scale.js", results_scale_js),
    FILE_ENTRY("results/plot.js", results_plot_js),
    FILE_ENTRY("results/charts.js", results_charts_js),
    FILE_ENTRY("results/tracks.js", results_tracks_js),
    FILE_ENTRY("results/results.js", results_results_js),
    FILE_ENTRY("results/addresses.js", results_addresses_js),
    FILE_ENTRY("results/results.css", results_results_css),
    FILE_ENTRY("tables/rows.js", tables_rows_js),
    FILE_ENTRY("tables/table.js", tables_table_js),
    FILE_ENTRY("tables/tables.css", tables_tables_css),
    FILE_ENTRY("graph/graph.js", graph_graph_js),
    FILE_ENTRY("graph/graph.css", graph_graph_css),
    FILE_ENTRY("viewers/address.js", viewers_address_js),
    FILE_ENTRY("viewers/open.js", viewers_open_js),
    FILE_ENTRY("viewers/open.css", viewers_open_css),
    FILE_ENTRY("viewers/gallery.js", viewers_gallery_js),
    FILE_ENTRY("viewers/gallery.css", viewers_gallery_css),
    FILE_ENTRY("viewers/image-source.js", viewers_image_source_js),
    FILE_ENTRY("viewers/image-details.js", viewers_image_details_js),
    FILE_ENTRY("viewers/selection-panel.js", viewers_selection_panel_js),
    FILE_ENTRY("viewers/tile-grid.js", viewers_tile_grid_js),
    FILE_ENTRY("viewers/tile-loader.js", viewers_tile_loader_js),
    FILE_ENTRY("select/select.js", select_select_js),
    FILE_ENTRY("select/select.css", select_select_css),
    FILE_ENTRY("schemes/schemes.js", schemes_schemes_js),
    FILE_ENTRY("schemes/schemes.css", schemes_schemes_css),
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
