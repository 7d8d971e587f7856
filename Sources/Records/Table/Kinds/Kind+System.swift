/// What helps to find records. The numbers 60 to 62 are kept for imports, erasures and releases.
extension Kind {
    /// A concept of the vocabulary that `themes` and `expertise` use.
    package static let theme = Kind(
        58, "theme", Label("Theme", fr: "Thème", es: "Tema", ru: "Тема", ar: "موضوع", zh: "主题"), titleField: 17,
        fields: [
            Field(
                16, "notation",
                Label("Notation", fr: "Notation", es: "Notación", ru: "Обозначение", ar: "الرمز", zh: "标识代码"),
                .form(.concept), .register(.soft), .atNew, visibility: .published, isFixed: true),
            Field(17, "name", .name, .line, .languages(.soft), .atNew, visibility: .published),
            Field(
                18, "broader",
                Label(
                    "Broader themes", fr: "Thèmes génériques", es: "Temas más amplios", ru: "Более широкие темы",
                    ar: "المواضيع الأعم", zh: "上位主题"),
                .form(.concept), .set, visibility: .published),
            Field(
                19, "definition",
                Label("Definition", fr: "Définition", es: "Definición", ru: "Определение", ar: "التعريف", zh: "定义"),
                .lines, .languages(.soft), visibility: .published),
        ],
        rules: [.unique(field: "notation")])

    /// A selection of records that somebody looks at again and again.
    package static let savedView = Kind(
        59, "saved_view",
        Label(
            "Saved view", fr: "Vue enregistrée", es: "Vista guardada", ru: "Сохраненная выборка", ar: "عرض محفوظ",
            zh: "已保存的视图"),
        titleField: 16,
        fields: [
            Field(16, "name", .name, .line, .register(.soft), .atNew, writers: .origin),
            Field(
                17, "kind",
                Label(
                    "Kind of record", fr: "Type d’enregistrement", es: "Tipo de registro", ru: "Вид записей",
                    ar: "نوع السجلات", zh: "记录类型"),
                .form(.concept), .register(.soft), .atNew, writers: .origin),
            Field(
                18, "where",
                Label("Conditions", fr: "Conditions", es: "Condiciones", ru: "Условия", ar: "الشروط", zh: "条件"), .line,
                .set, writers: .origin),
            Field(
                19, "owner",
                Label("Owner", fr: "Propriétaire", es: "Propietario", ru: "Владелец", ar: "المالك", zh: "所有者"),
                .contact, .register(.soft), writers: .origin),
        ])
}
