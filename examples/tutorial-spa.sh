#!/usr/bin/env bash
# The single-particle tutorial as a project, by command lines only: from simulated movies to a sharpened map.
#
#   examples/tutorial-spa.sh [FOLDER]     FOLDER (default tutorial-spa) becomes a project; it must not be one yet
#
# Every step is a job of the project, as the forms of the page or RELION's window would start it; relion in FOLDER opens the project.
# Settings, with their defaults: MOVIE_COUNT=20 THREADS=(all cores).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-tutorial-spa}
threads=${THREADS:-$(nproc 2>/dev/null || sysctl -n hw.ncpu)}
export PATH=$root/bin:$PATH
[ -x "$root/bin/relion" ] || { echo "Run make build first." >&2; exit 1; }
[ ! -e "$folder/default_pipeline.star" ] || { echo "$folder is a project already; give another folder." >&2; exit 1; }
mkdir -p "$folder"
cd "$folder"
begin=$SECONDS

# run ALIAS TYPE KEY=VALUE…: a job, waited for; its folder is left in $job. Its output stays in the job's run.out.
run() {
    local alias=$1 type=$2 start=$SECONDS told
    shift 2
    printf '%-14s' "$alias"
    if ! told=$(relion job run "$type" --wait --alias "$alias" --set "$@" 2>&1); then
        printf 'failed\n%s\n' "$(tail -n 8 <<<"$told")" >&2
        exit 1
    fi
    job=$(relion job show "$alias" | grep -oE '[A-Za-z0-9]+/job[0-9]+/' | head -n 1)
    printf '%5d s   %s\n' $((SECONDS - start)) "$job"
}
# Value of a label in a STAR list.
value() { awk -v label="_$1" '$1 == label { print $2 }' "$2" | tail -n 1; }

# Movies of a built-in protein, with gain, drift and dead pixels; the molecule itself for comparison at the end.
relion_simulate_movies --o Simulate --nr_movies "${MOVIE_COUNT:-20}" --size 1536 --frames 20 --angpix 1.2 --dose_per_frame 2 --nr_particles 80 \
    --min_distance 160 --defocus_min 8000 --defocus_max 22000 --bfactor 80 --seed 1 --j "$threads" >/dev/null
relion_simulate --o Simulate/Map --only_map --box 80 --angpix 2.4 --bfactor 80 >/dev/null
relion project init >/dev/null

run movies import fn_in_raw='Simulate/Movies/*.tif*' is_multiframe=Yes angpix=1.2 kV=300 Cs=2.7 Q0=0.1
run motion motioncorr input_star_mics="${job}movies.star" dose_per_frame=2 fn_gain_ref=Simulate/Movies/gain.mrc patch_x=4 patch_y=4 \
    group_for_ps=2 nr_threads="$threads"
run ctf ctffind input_star_mics="${job}corrected_micrographs.star" dfmin=5000 dfmax=30000
micrographs=${job}micrographs_ctf.star
run picks autopick fn_input_autopick="$micrographs" do_log=Yes log_diam_min=110 log_diam_max=160 log_adjust_thr=0.5
run particles extract star_mics="$micrographs" coords_suffix="${job}autopick.star" extract_size=160 do_rescale=Yes rescale=80 bg_diameter=144
particles=${job}particles.star
run classes class2d fn_img="$particles" nr_classes=20 do_em=Yes nr_iter_em=20 do_grad=No particle_diameter=170 psi_sampling=12 offset_step=2 \
    do_preread_images=Yes nr_pool=30 nr_threads="$threads"
run good select fn_model="${job}run_it020_optimiser.star" do_class_ranker=Yes rank_threshold=0.3
selected=${job}particles.star
run model initialmodel fn_img="$selected" nr_iter=100 particle_diameter=170 sym_name=D2 do_run_C1=Yes do_preread_images=Yes nr_pool=30 \
    nr_threads="$threads"
model=${job}initial_model.mrc
run classes3d class3d fn_img="$selected" fn_ref="$model" ini_high=30 nr_classes=2 nr_iter=10 sym_name=D2 particle_diameter=170 offset_step=2 \
    do_preread_images=Yes nr_pool=30 nr_threads="$threads"
run refined refine3d fn_img="$selected" fn_ref="$model" ini_high=40 sym_name=D2 particle_diameter=170 offset_step=2 do_preread_images=Yes \
    nr_pool=30 nr_mpi=3 nr_threads="$threads"
map=${job}run_class001.mrc halves=${job}run_half1_class001_unfil.mrc refined=${job}run_data.star
# The mask starts from a surface somewhat outside of the one that shows the molecule.
threshold=$(relion_map_picture --i "$map" --o refined.png --pixels 360 | grep -oE 'Surface at density [-0-9.e]+' | awk '{ print 0.4 * $4 }')
run mask maskcreate fn_in="$map" inimask_threshold="$threshold" extend_inimask=2 width_mask_edge=5
run sharpened postprocess fn_in="$halves" fn_mask="${job}mask.mrc" autob_lowres=15
relion_map_picture --i "${job}postprocess_masked.mrc" --o sharpened.png --pixels 360 >/dev/null

printf '\nExtracted %s particles; the classes kept %s.\n' "$(relion_star_printtable "$particles" data_particles _rlnImageName | wc -l)" \
    "$(relion_star_printtable "$selected" data_particles _rlnImageName | wc -l)"
printf 'Resolution by the half maps: %.2f Å; B factor %.0f Å².\n' "$(value rlnFinalResolution "${job}postprocess.star")" \
    "$(value rlnBfactorUsedForSharpening "${job}postprocess.star")"
relion_compare_truth --i "$refined" --truth Simulate/truth.star --sym D2 --o truth >/dev/null 2>&1 &&
    printf 'Orientations against the truth: median error %.2f°.\n' "$(value simMedianAngleError truth.star)"
printf '%d s in all. Open the project with: cd %s && relion\n' $((SECONDS - begin)) "$folder"
