import Store

// liaison-bench [FOLDER [SCENARIO …]]: measures in new data folders below FOLDER and prints medians.
// liaison-bench open FOLDER: opens a store, reads one record and says what that took; a process of its own, so that its
// memory counts alone.
let words = Array(CommandLine.arguments.dropFirst())
do {
    if words.first == "open", words.count == 2 {
        try Opening.run(words[1])
    } else {
        let runner = Runner(folder: words.first ?? ".build/bench", only: Array(words.dropFirst()))
        try runner.run()
    }
} catch {
    print("bench: error: \(error)")
}
