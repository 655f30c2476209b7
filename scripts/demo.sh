#!/usr/bin/env bash
# From particles to a sharpened map, with the commands of the tutorial, and a report in demo-output/index.html.
#
#   scripts/demo.sh                              simulated particles of a built-in protein, compared with the truth
#   DATA=folder scripts/demo.sh                  particles of a RELION project (particles_ctf.star or particles.star in it)
#   MOVIES=1 scripts/demo.sh                     simulated movies: motion correction, CTF, picking and extraction come first
#
# Settings, with their defaults: OUTPUT=demo-output (demo-movies-output with MOVIES) MOVIE_COUNT=20 THREADS=(all cores) PARTICLES=3000 BOX=80 ANGPIX=2.4 (simulated data);
# INPUT=(particles file in DATA) DIAMETER=(170; with DATA 200) SYMMETRY=auto CLASSES=(20; with DATA 50) ITERATIONS=(20; with DATA 25)
# MODEL_ITERATIONS=(100; with DATA 200) SUBSET=0 SEED=1.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
bin=$root/bin
output=${OUTPUT:-demo-${MOVIES:+movies-}output}
mkdir -p "$output"
output=$(cd "$output" && pwd)
threads=${THREADS:-$(nproc 2>/dev/null || sysctl -n hw.ncpu)}
seed=${SEED:-1}
symmetry=${SYMMETRY:-auto}
diameter=${DIAMETER:-${DATA:+200}}
diameter=${diameter:-170}
classes=${CLASSES:-${DATA:+50}}
classes=${classes:-20}
iterations=${ITERATIONS:-${DATA:+25}}
iterations=${iterations:-20}
model_iterations=${MODEL_ITERATIONS:-${DATA:+200}}
model_iterations=${model_iterations:-100}
subset=${SUBSET:-0}
logs=$output/logs
pictures=$output/pictures
rm -rf "$output"/{Simulate,MotionCorr,CtfFind,AutoPick,Extract,Class2D,Select,InitialModel,Refine3D,MaskCreate,PostProcess,Truth,logs,pictures,index.html}
mkdir -p "$output"/{Class2D,Select,InitialModel,Refine3D,MaskCreate,PostProcess,Truth} "$logs" "$pictures"
times=$logs/times.txt
: >"$times"
begin=$SECONDS

# step NAME PROGRAM OPTIONS…: runs it, keeps its output, its command line and its time.
step() {
    local name=$1 start=$SECONDS log
    shift
    log=$logs/$(printf '%02d' "$(($(wc -l <"$times") + 1))")_${name// /_}.log
    printf '%-28s' "$name"
    { printf '$ %s\n' "${*//$output\//}"; } >"$log"
    if ! "$bin/$1" "${@:2}" >>"$log" 2>&1; then
        printf 'failed; see %s\n' "$log"
        tail -n 5 "$log" | sed 's/^/    /'
        exit 1
    fi
    printf '%5d s\n' $((SECONDS - start))
    printf '%s\t%d\t%s\n' "$name" $((SECONDS - start)) "${*//$output\//}" >>"$times"
}
# Last number in the line of a log that matches a pattern.
number() { { grep -hE -- "$1" "$logs"/*"$2"*.log || true; } | tail -n 1 | grep -oE '[0-9]+(\.[0-9]+)?(e-?[0-9]+)?' | tail -n 1; }
# Value of a label in a STAR list.
value() { { awk -v label="_$1" '$1 == label { print $2 }' "$2" || true; } | tail -n 1; }
last_of() { find "$1" -maxdepth 1 -name "$2" | sort | tail -n 1; }

if [[ -n ${DATA:-} ]]; then
    # Image names are relative to the project; results go to the output folder by their full names.
    work=$(cd "$DATA" && pwd)
    to=$output/
    input=${INPUT:-$(cd "$work" && { ls particles_ctf.star particles.star 2>/dev/null || true; } | head -n 1)}
    [[ -n $input ]] || { echo "No particles_ctf.star or particles.star in $DATA; name the file with INPUT=…" >&2; exit 1; }
    echo "Particles: $DATA/$input"
elif [[ -n ${MOVIES:-} ]]; then
    cd "$output"
    work=$output
    to=
    step "simulate" relion_simulate_movies --o Simulate --nr_movies "${MOVIE_COUNT:-20}" --size 1536 --frames 20 --angpix 1.2 \
        --dose_per_frame 2 --nr_particles 80 --min_distance 160 --defocus_min 8000 --defocus_max 22000 --bfactor 80 \
        --seed "$seed" --j "$threads"
    step "true map" relion_simulate --o Simulate/Map --only_map --box 80 --angpix 2.4 --bfactor 80
    mv Simulate/Map/reference.mrc Simulate/reference.mrc
    step "motion correction" relion_run_motioncorr --i Simulate/movies.star --o MotionCorr --use_own --patch_x 4 --patch_y 4 \
        --bfactor 150 --dose_weighting --dose_per_frame 2 --gainref Simulate/Movies/gain.mrc --grouping_for_ps 2 --float16 --j "$threads"
    cp MotionCorr/Simulate/Movies/mic001_shifts.png pictures/motion.png
    step "CTF estimation" relion_run_ctffind --i MotionCorr/corrected_micrographs.star --o CtfFind --use_own --use_given_ps \
        --dFMin 5000 --dFMax 30000 --FStep 500 --j "$threads"
    step "picking" relion_autopick --i CtfFind/micrographs_ctf.star --odir AutoPick/ --pickname autopick --LoG \
        --LoG_diam_min 110 --LoG_diam_max 160 --shrink 0 --lowpass 20 --LoG_adjust_threshold 0.5 --j "$threads"
    step "extraction" relion_preprocess --i CtfFind/micrographs_ctf.star --coord_list AutoPick/autopick.star --part_dir Extract/ \
        --part_star Extract/particles.star --extract --extract_size 160 --scale 80 --norm --bg_radius 36 --white_dust -1 \
        --black_dust -1 --invert_contrast --float16 --j "$threads"
    input=Extract/particles.star
    step "picture of particles" relion_stack_picture --i Extract/MotionCorr/Simulate/Movies/mic001.mrcs --max_images 20 --bin 2 \
        --o pictures/particles.png
    step "movies against truth" relion_compare_movies --truth Simulate/truth.star --mics MotionCorr/corrected_micrographs.star \
        --ctf CtfFind/micrographs_ctf.star --picks AutoPick/autopick.star --o Truth/movies.star
else
    cd "$output"
    work=$output
    to=
    step "simulate" relion_simulate --o "${to}Simulate" --n "${PARTICLES:-3000}" --box "${BOX:-80}" --angpix "${ANGPIX:-2.4}" \
        --nr_mics 20 --voltage 300 --cs 2.7 --defocus_min 8000 --defocus_max 22000 --dose 40 --bfactor 80 --junk 0.15 \
        --seed "$seed" --j "$threads"
    input=${to}Simulate/particles.star
    step "picture of particles" relion_stack_picture --i "${to}Simulate/Particles/mic001.mrcs" --max_images 20 --bin 2 \
        --o "${to}pictures/particles.png"
fi
cd "$work"

step "2D classification" relion_refine --o "${to}Class2D/run" --iter "$iterations" --i "$input" --dont_combine_weights_via_disc \
    --preread_images --pool 30 --pad 2 --ctf --tau2_fudge 2 --particle_diameter "$diameter" --K "$classes" --flatten_solvent \
    --zero_mask --center_classes --oversampling 1 --psi_step 12 --offset_range 5 --offset_step 2 --norm --scale \
    --random_seed "$seed" --j "$threads"
model2d=$(last_of "${to}Class2D" 'run_it*_model.star')
step "picture of classes" relion_stack_picture --i "$model2d" --max_images 20 --o "${to}pictures/classes.png"
step "selection" relion_select_classes --i "$model2d" --o "${to}Select/particles.star" --resolution_ratio 1.35 --random_subset "$subset"

step "initial model" relion_refine --o "${to}InitialModel/run" --iter "$model_iterations" --grad --denovo_3dref \
    --i "${to}Select/particles.star" --ctf --K 1 --sym C1 --flatten_solvent --zero_mask --dont_combine_weights_via_disc \
    --preread_images --pool 30 --pad 1 --particle_diameter "$diameter" --oversampling 1 --healpix_order 1 --offset_range 6 \
    --offset_step 2 --tau2_fudge 4 --random_seed "$seed" --j "$threads"
initial=$(last_of "${to}InitialModel" 'run_it*_class001.mrc')
step "symmetry" relion_align_symmetry --i "$initial" --o "${to}InitialModel/initial_model.mrc" --sym "$symmetry" --apply_sym \
    --j "$threads"
if [[ $symmetry == auto ]]; then
    symmetry=$(sed -n 's/^Symmetry found: //p' "$logs"/*_symmetry.log | tail -n 1)
    echo "Symmetry found: $symmetry"
fi
step "picture of initial model" relion_map_picture --i "${to}InitialModel/initial_model.mrc" --o "${to}pictures/initial.png" --pixels 360

step "refinement" relion_refine --o "${to}Refine3D/run" --auto_refine --split_random_halves --i "${to}Select/particles.star" \
    --ref "${to}InitialModel/initial_model.mrc" --firstiter_cc --ini_high 40 --dont_combine_weights_via_disc --preread_images \
    --pool 30 --pad 2 --ctf --particle_diameter "$diameter" --flatten_solvent --zero_mask --oversampling 1 --healpix_order 2 \
    --auto_local_healpix_order 4 --offset_range 5 --offset_step 2 --sym "$symmetry" --low_resol_join_halves 40 --norm --scale \
    --random_seed "$seed" --j "$threads"
map=${to}Refine3D/run_class001.mrc
step "picture of refined map" relion_map_picture --i "$map" --o "${to}pictures/refined.png" --pixels 360
# The mask starts from a surface somewhat outside of the one that shows the molecule.
threshold=$(awk -v level="$(number 'Surface at density' picture_of_refined_map)" 'BEGIN { print 0.4 * level }')
step "mask" relion_mask_create --i "$map" --o "${to}MaskCreate/mask.mrc" --lowpass 15 --ini_threshold "$threshold" \
    --extend_inimask 2 --width_soft_edge 5 --j "$threads"
step "postprocessing" relion_postprocess --mask "${to}MaskCreate/mask.mrc" --i "${to}Refine3D/run_half1_class001_unfil.mrc" \
    --o "${to}PostProcess/postprocess" --auto_bfac --autob_lowres 15
final=${to}PostProcess/postprocess_masked.mrc
resolution=$(value rlnFinalResolution "${to}PostProcess/postprocess.star")

if [[ -z ${DATA:-} ]]; then
    step "selection against truth" relion_compare_truth --i "${to}Select/particles.star" --truth "${to}Simulate/truth.star" \
        --o "${to}Truth/selection"
    step "comparison with truth" relion_compare_truth --i "${to}Refine3D/run_data.star" --truth "${to}Simulate/truth.star" \
        --sym "$symmetry" --map "${to}PostProcess/postprocess.mrc" --ref "${to}Simulate/reference.mrc" \
        --mask "${to}MaskCreate/mask.mrc" --fsc "${to}PostProcess/postprocess.star" --o "${to}Truth/refinement"
    cp "${to}Truth/refinement_fsc.png" "${to}pictures/fsc.png"
    cp "${to}Truth/refinement_angles.png" "${to}pictures/angles.png"
    final=${to}Truth/refinement_aligned.mrc
    step "picture of true map" relion_map_picture --i "${to}Simulate/reference.mrc" --o "${to}pictures/truth.png" --pixels 360
fi
step "picture of final map" relion_map_picture --i "$final" --o "${to}pictures/final.png" --pixels 360
step "picture of slices" relion_map_picture --i "$final" --style slices --o "${to}pictures/slices.png" --pixels 300
total=$((SECONDS - begin))

# The report: one file that needs nothing else.
picture() { # NAME CAPTION
    [[ -f $pictures/$1.png ]] || return 0
    printf '<figure><img alt="%s" src="data:image/png;base64,%s"><figcaption>%s</figcaption></figure>\n' \
        "$2" "$(base64 <"$pictures/$1.png" | tr -d '\n')" "$2"
}
escape() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; }
results=$logs/results.txt
{
    printf 'Resolution by the half maps (FSC 0.143)\t%s Å\n' "$(printf '%.2f' "${resolution:-0}")"
    if [[ -z ${DATA:-} ]]; then
        truth=${to}Truth/refinement.star
        printf 'Resolution against the true map (FSC 0.5)\t%.2f Å\n' "$(value simResolutionAgainstTruth "$truth")"
        printf 'Orientations, median error\t%.2f°\n' "$(value simMedianAngleError "$truth")"
        printf 'Centres, median error\t%.2f Å\n' "$(value simMedianShiftErrorAngst "$truth")"
        if [[ -n ${MOVIES:-} ]]; then
            movies=${to}Truth/movies.star
            printf 'Tracks of particles, rms error\t%.2f px; whole frames only %.2f px, uncorrected %.2f px\n' "$(value simTrackError "$movies")" \
                "$(value simTrackErrorGlobal "$movies")" "$(value simTrackErrorUncorrected "$movies")"
            printf 'Defocus, median and largest error\t%.0f Å, %.0f Å\n' "$(value simMedianDefocusError "$movies")" "$(value simLargestDefocusError "$movies")"
            printf 'Picks\t%d, precision %.3f, recall %.3f\n' "$(value simPickedNumber "$movies")" "$(value simPickPrecision "$movies")" "$(value simPickRecall "$movies")"
        fi
        [[ -n ${MOVIES:-} ]] && before="Wrong picks after the selection" || before="Junk after the selection (before: 15 %)"
        printf '%s\t%.1f %%\n' "$before" "$(awk -v f="$(value simJunkFraction "${to}Truth/selection.star")" 'BEGIN { print 100 * f }')"
        [[ $(value simHandIsMirrored "$truth") == 1 ]] && hand="mirrored, as one in two runs is" || hand="as in the true map"
        printf 'Hand, which projections cannot tell\t%s\n' "$hand"
    fi
    printf 'Time on %d threads\t%d:%02d\n' "$threads" $((total / 60)) $((total % 60))
} >"$results"
{
    cat <<'HTML'
<!doctype html><html lang="en"><head><meta charset="utf-8"><title>From particles to a map</title><style>
body{font:16px/1.5 system-ui,sans-serif;max-width:1120px;margin:2rem auto;padding:0 1rem;color:#1c2733}
h1{font-weight:650}h2{margin-top:2.2rem;font-weight:600}figure{margin:1rem 0}img{max-width:100%;border-radius:6px}
figcaption{color:#5b6b7b;font-size:.9rem}table{border-collapse:collapse}td{padding:.3rem 1.2rem .3rem 0;border-bottom:1px solid #e3e8ee;vertical-align:top}
td:nth-child(2){font-variant-numeric:tabular-nums;white-space:nowrap}code{font:13px/1.45 ui-monospace,monospace;color:#33475b;overflow-wrap:anywhere}
</style></head><body>
HTML
    if [[ -n ${DATA:-} ]]; then
        echo "<h1>From particles to a map</h1><p>$(basename "$input" | escape)</p>"
    elif [[ -n ${MOVIES:-} ]]; then
        echo "<h1>From simulated movies to a map</h1><p>${MOVIE_COUNT:-20} movies of a made-up protein: motion corrected, CTF estimated, particles picked, extracted and refined without knowledge of the truth, then compared with it.</p>"
    else
        echo "<h1>From simulated particles to a map</h1><p>${PARTICLES:-3000} images of a made-up protein, refined without knowledge of the truth and then compared with it.</p>"
    fi
    picture final "The final map from three sides"
    echo "<h2>Result</h2><table>"
    escape <"$results" | awk -F '\t' '{ printf "<tr><td>%s</td><td>%s</td></tr>\n", $1, $2 }'
    echo "</table>"
    picture truth "The true map, from the same sides"
    picture fsc "Fourier shell correlation of the half maps, and of the map with the truth"
    picture angles "Errors of the orientations"
    echo "<h2>On the way</h2>"
    picture motion "Motion of the first movie, 40 times enlarged"
    picture particles "Particles (pixels averaged two by two)"
    picture classes "Class averages, with their share of the particles and estimated resolution"
    picture initial "Initial model"
    picture slices "Central slices of the final map"
    echo "<h2>Commands</h2><table>"
    escape <"$times" | awk -F '\t' '{ printf "<tr><td>%s</td><td>%s s</td><td><code>%s</code></td></tr>\n", $1, $2, $3 }'
    echo "</table></body></html>"
} >"$output/index.html.tmp"
mv "$output/index.html.tmp" "$output/index.html"
echo
column -t -s $'\t' "$results" 2>/dev/null || cat "$results"
echo "Report: ${output#"$root"/}/index.html"
