/// The questions that people ask of all records.
extension Command {
    static let asking = meetingQueries
}
