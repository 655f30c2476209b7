import Foundation
import Reporting

extension InputError {
    /// A call to the operating system on `path` failed; `code` is `errno` right after the call.
    static func system(_ action: String, path: String, code: Int32) -> InputError {
        let remedy: String =
            switch code {
            case ENOENT: "Check the name and the folder it is relative to"
            case EACCES, EPERM, EROFS: "Check who may read and write the file and its folder"
            case ENOSPC, EDQUOT: "Free space on this disk and run again"
            case EMFILE, ENFILE: "Raise the limit of open files (ulimit -n)"
            default: ""
            }
        return InputError(place: path, found: "cannot \(action): \(String(cString: strerror(code)))", remedy: remedy)
    }
}
