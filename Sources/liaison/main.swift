import Commands
import Foundation
import Records

exit(
    Commands.run(
        arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment,
        schema: .standard))
