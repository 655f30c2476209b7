/// Version of the suite, and the version of RELION whose files and options it follows.
package enum SuiteVersion {
    package static let number = "0.1.0"
    package static let relionFormat = 50001
    package static let banner = "RELION version: 5.0.1-swift-\(number)"
}
