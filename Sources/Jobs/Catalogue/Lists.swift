// The order in which job types are offered.
// See docs/jobs.md for the language.
extension CataloguePage {
    static let lists = CataloguePage(
        name: "Lists",
        text: #"""
            list single particles
                relion.import
                relion.motioncorr
                relion.ctffind
                relion.manualpick
                relion.autopick
                relion.extract
                relion.class2d
                relion.initialmodel
                relion.class3d
                relion.refine3d
                relion.multibody
                relion.select
                relion.ctfrefine
                relion.polish
                dynamight
                relion.maskcreate
                relion.joinstar
                relion.subtract
                relion.postprocess
                relion.localres
                modelangelo
                relion.external
            list tomography
                relion.importtomo
                relion.motioncorr
                relion.ctffind
                relion.excludetilts
                relion.aligntiltseries
                relion.reconstructtomograms
                relion.denoisetomo
                relion.picktomo
                relion.pseudosubtomo
                relion.initialmodel
                relion.class3d
                relion.refine3d
                relion.multibody
                relion.select
                relion.reconstructparticletomo
                relion.ctfrefinetomo
                relion.framealigntomo
                relion.maskcreate
                relion.joinstar
                relion.postprocess
                relion.localres
                modelangelo
                relion.external
            """#)
}
