/// The group file (`.csg`, YAML) beside a `.cs` file, which tells cryoSPARC's "Import Result Group" which groups of columns there are.
package struct CryosparcGroup: Sendable {
    package let file: String
    package let groups: [String]
    package let count: Int

    package init(file: String, groups: [String], count: Int) {
        self.file = file
        self.groups = groups
        self.count = count
    }

    package var text: String {
        var lines = ["group:", "  description: Particles from RELION", "  name: particles", "  title: Particles", "  type: particle", "results:"]
        for group in groups {
            lines += ["  \(group):", "    metafile: '>\(file)'", "    num_items: \(count)", "    type: particle.\(group)"]
        }
        return (lines + ["version: v4.0"]).joined(separator: "\n") + "\n"
    }
}
