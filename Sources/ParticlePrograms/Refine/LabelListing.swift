import Foundation
import Metadata

/// What `--print_metadata_labels` prints: every label with its kind of value and unit, in alphabetical order.
enum LabelListing {
    static var text: String {
        LabelTable.labels.values.sorted { $0.name < $1.name }.map { label in
            let kind = label.value.rawValue + (label.unit.map { ", " + $0 } ?? "")
            return label.name.padding(toLength: max(45, label.name.count), withPad: " ", startingAt: 0) + " (" + kind + ")"
        }.joined(separator: "\n")
    }
}
