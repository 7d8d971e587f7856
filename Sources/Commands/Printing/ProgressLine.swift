import Replica

/// One line on a terminal that is written again and again while people wait; nothing where there is no terminal.
final class ProgressLine {
    /// How long a command may take before anything is shown.
    private static let patience = Duration.seconds(1)
    /// The least time between two versions of the line.
    private static let rest = Duration.milliseconds(100)

    private let width: Int?
    private let write: (String) -> Void
    private let clock: () -> Duration
    private let beginning: Duration
    private var last: Duration?

    /// - Parameters:
    ///   - width: cells of the terminal; nil shows nothing.
    ///   - clock: the time since any fixed moment.
    ///   - write: prints without adding anything.
    init(width: Int?, clock: @escaping () -> Duration, write: @escaping (String) -> Void) {
        self.width = width
        self.clock = clock
        self.write = write
        beginning = clock()
    }

    /// Shows how far it has come, if it takes long and the line is not fresh.
    func show(_ progress: WorkProgress) {
        guard let width else { return }
        let time = clock()
        guard time - beginning >= ProgressLine.patience, last.map({ time - $0 >= ProgressLine.rest }) ?? true else {
            return
        }
        last = time
        write("\r" + Printable.cut("liaison: " + ProgressLine.text(progress), to: width - 1) + "\u{1B}[K")
    }

    /// Takes the line away, before anything else is printed.
    func clear() {
        guard last != nil else { return }
        last = nil
        write("\r\u{1B}[K")
    }

    /// The line without what moves it: `checking segments 1,200 of 3,000, 4.1 MB`.
    static func text(_ progress: WorkProgress) -> String {
        var text = progress.what
        if let done = progress.done { text += " \(grouped(done))" }
        if let total = progress.total { text += " of \(grouped(total))" }
        if let byteCount = progress.byteCount, byteCount > 0 { text += ", \(bytes(byteCount))" }
        return text
    }

    private static func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index.isMultiple(of: 3) { text = "," + text }
            text = String(digit) + text
        }
        return text
    }

    /// A count of bytes as people read it, a thousand to the next unit.
    static func bytes(_ count: Int) -> String {
        var (tenths, unit) = (count, 0)
        let units = ["bytes", "kB", "MB", "GB", "TB"]
        guard count >= 1_000 else { return "\(count) bytes" }
        tenths = count / 100
        unit = 1
        while tenths >= 10_000, unit < units.count - 1 { (tenths, unit) = (tenths / 1_000, unit + 1) }
        return "\(tenths / 10).\(tenths % 10) \(units[unit])"
    }
}
