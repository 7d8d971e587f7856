/// What institutes do, and how the network stays in contact. Numbers that are missing in a row belong to fields of
/// later versions.
extension Kind {
    /// Plan and report of a piece of work in one.
    package static let activity = Kind(
        47, "activity", Label("Activity", fr: "Activité", es: "Actividad", ru: "Мероприятие", ar: "نشاط", zh: "活动"),
        titleField: 18,
        fields: [
            Field(
                16, "org", .organisation, .organisation, .register(.soft), .atNew, writers: .origin,
                initial: .ownOrganisation),
            Field(17, "partners", .partners, .organisation, .set, writers: .origin),
            Field(18, "title", .title, .line, .languages(.soft), .atNew),
            Field(19, "summary", .summary, .lines, .languages(.hard)),
            Field(20, "type", .type, .activityType, .register(.soft), .atNew),
            Field(21, "objectives", .objectives, .objective, .set),
            Field(22, "themes", .themes, .form(.concept), .set),
            Field(23, "countries", .countries, .form(.country), .set),
            Field(
                24, "planned",
                Label(
                    "Planned dates", fr: "Dates prévues", es: "Fechas previstas", ru: "Запланированные сроки",
                    ar: "المواعيد المقررة", zh: "计划日期"),
                .dates("start", "end"), .register(.hard), .required, writers: .origin),
            Field(
                25, "actual",
                Label(
                    "Actual dates", fr: "Dates effectives", es: "Fechas efectivas", ru: "Фактические сроки",
                    ar: "المواعيد الفعلية", zh: "实际日期"),
                .dates("start", "end"), .register(.soft)),
            Field(26, "state", .state, .code(Workflow.activity.codeList), .workflow(.activity)),
            Field(
                27, "reached_women",
                Label(
                    "Women reached", fr: "Femmes bénéficiaires", es: "Mujeres beneficiarias", ru: "Охвачено женщин",
                    ar: "عدد النساء المستفيدات", zh: "惠及女性人数"),
                .integer(0...1_000_000_000), .counter),
            Field(
                28, "reached_men",
                Label(
                    "Men reached", fr: "Hommes bénéficiaires", es: "Hombres beneficiarios", ru: "Охвачено мужчин",
                    ar: "عدد الرجال المستفيدين", zh: "惠及男性人数"),
                .integer(0...1_000_000_000), .counter),
            Field(
                29, "reached_undisclosed",
                Label(
                    "People reached, gender not stated", fr: "Bénéficiaires, genre non précisé",
                    es: "Beneficiarios, género no indicado", ru: "Охвачено лиц, пол не указан",
                    ar: "عدد المستفيدين دون تحديد الجنس", zh: "惠及人数（性别未注明）"),
                .integer(0...1_000_000_000), .counter),
            Field(
                30, "budget", Label("Budget", fr: "Budget", es: "Presupuesto", ru: "Бюджет", ar: "الميزانية", zh: "预算"),
                .money, .register(.hard), writers: .origin),
            Field(
                31, "spent",
                Label("Expenditure", fr: "Dépenses", es: "Gastos", ru: "Расходы", ar: "المصروفات", zh: "支出"), .money,
                .register(.hard), writers: .origin),
            Field(
                32, "results",
                Label("Results", fr: "Résultats", es: "Resultados", ru: "Результаты", ar: "النتائج", zh: "成果"), .lines,
                .languages(.hard)),
            // 33: evidence.
            Field(
                34, "iati_id",
                Label(
                    "IATI identifier", fr: "Identifiant IATI", es: "Identificador IATI", ru: "Идентификатор IATI",
                    ar: "معرف IATI", zh: "IATI 标识符"),
                .form(.concept), .register(.soft), writers: .origin),
        ])

    /// A visit, a call, a letter: that people of the network spoke with each other.
    package static let interaction = Kind(
        48, "interaction",
        Label("Interaction", fr: "Échange", es: "Interacción", ru: "Взаимодействие", ar: "تواصل", zh: "联络往来"),
        titleField: 21,
        fields: [
            Field(16, "when", .dateAndTime, .instant, .register(.soft), .atNew, initial: .now),
            Field(
                17, "channel",
                Label(
                    "Channel", fr: "Mode de contact", es: "Medio de contacto", ru: "Способ связи", ar: "قناة التواصل",
                    zh: "联络方式"),
                .interactionChannel, .register(.soft), .atNew),
            Field(
                18, "formality",
                Label("Character", fr: "Caractère", es: "Carácter", ru: "Характер", ar: "الطابع", zh: "性质"), .formality,
                .register(.soft)),
            Field(19, "orgs", .organisations, .organisation, .set, .required),
            Field(
                20, "people",
                Label("People", fr: "Personnes", es: "Personas", ru: "Участники", ar: "الأشخاص", zh: "人员"), .contact,
                .set),
            Field(
                21, "subject", Label("Subject", fr: "Objet", es: "Asunto", ru: "Тема", ar: "الموضوع", zh: "事由"), .line,
                .register(.soft), .atNew),
            Field(22, "note", .notes, .lines, .register(.hard)),
            Field(
                23, "follow_up",
                Label(
                    "Follow-up", fr: "Suite à donner", es: "Seguimiento", ru: "Последующие действия", ar: "المتابعة",
                    zh: "后续行动"),
                .group(
                    .init([
                        ValueType.Part("on", .date, .date, isRequired: true),
                        ValueType.Part("owner", .responsible, .contactOrOrganisation),
                    ])), .register(.hard)),
            Field(24, "objective", .objectives, .objective, .set),
        ])

    /// What somebody says about any record.
    package static let comment = Kind(
        49, "comment", Label("Comment", fr: "Commentaire", es: "Comentario", ru: "Комментарий", ar: "تعليق", zh: "评论"),
        titleField: 17,
        fields: [
            Field(
                16, "on",
                Label(
                    "Comment on", fr: "Objet du commentaire", es: "Objeto del comentario", ru: "Предмет комментария",
                    ar: "موضوع التعليق", zh: "评论对象"),
                .anyRecord, .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(17, "text", .text, .lines, .register(.hard), .atNew, writers: .origin),
            Field(
                18, "reply_to",
                Label("Reply to", fr: "En réponse à", es: "En respuesta a", ru: "В ответ на", ar: "رد على", zh: "回复"),
                .id(kinds: [49]), .register(.soft), writers: .origin),
            Field(
                19, "mentions",
                Label(
                    "People mentioned", fr: "Personnes mentionnées", es: "Personas mencionadas", ru: "Упомянутые лица",
                    ar: "الأشخاص المذكورون", zh: "提及的人员"),
                .contact, .set, writers: .origin),
        ])
}

extension ValueType {
    fileprivate static let activityType = code([
        Code("training", Label("Training", fr: "Formation", es: "Formación", ru: "Обучение", ar: "تدريب", zh: "培训")),
        Code(
            "research",
            Label("Research", fr: "Recherche", es: "Investigación", ru: "Исследование", ar: "بحث", zh: "研究")),
        Code(
            "policy",
            Label(
                "Policy", fr: "Politiques publiques", es: "Políticas públicas", ru: "Разработка политики",
                ar: "السياسات العامة", zh: "政策")),
        Code("publication", .publication), Code("event", .event),
        Code("project", Label("Project", fr: "Projet", es: "Proyecto", ru: "Проект", ar: "مشروع", zh: "项目")),
    ])

    fileprivate static let interactionChannel = code([
        Code("visit", Label("Visit", fr: "Visite", es: "Visita", ru: "Визит", ar: "زيارة", zh: "访问")),
        Code(
            "call",
            Label(
                "Telephone call", fr: "Appel téléphonique", es: "Llamada telefónica", ru: "Телефонный разговор",
                ar: "مكالمة هاتفية", zh: "电话")),
        Code(
            "video",
            Label(
                "Video call", fr: "Visioconférence", es: "Videoconferencia", ru: "Видеосвязь", ar: "مكالمة مرئية",
                zh: "视频通话")),
        Code(
            "mail",
            Label(
                "Letter or e-mail", fr: "Lettre ou courriel", es: "Carta o correo electrónico",
                ru: "Письмо или электронная почта", ar: "رسالة ورقية أو إلكترونية", zh: "信函或电子邮件")),
        Code(
            "message",
            Label(
                "Instant message", fr: "Message instantané", es: "Mensaje instantáneo", ru: "Сообщение в мессенджере",
                ar: "رسالة فورية", zh: "即时消息")),
        Code(
            "workshop",
            Label("Workshop", fr: "Atelier", es: "Taller", ru: "Семинар-практикум", ar: "حلقة عمل", zh: "讲习班")),
        Code(
            "mission", Label("Mission", fr: "Mission", es: "Misión", ru: "Командировка", ar: "مهمة رسمية", zh: "公务出访")),
    ])

    fileprivate static let formality = code([
        Code("formal", Label("Formal", fr: "Formel", es: "Formal", ru: "Официальный", ar: "رسمي", zh: "正式")),
        Code(
            "informal",
            Label("Informal", fr: "Informel", es: "Informal", ru: "Неофициальный", ar: "غير رسمي", zh: "非正式")),
    ])
}

extension Workflow {
    /// From an idea to the end of the work.
    package static let activity = Workflow(
        [
            State(1, "idea", Label("Idea", fr: "Idée", es: "Idea", ru: "Замысел", ar: "فكرة", zh: "设想"), caution: 40),
            State(
                2, "planned",
                Label("Planned", fr: "Planifiée", es: "Planificada", ru: "Запланировано", ar: "مخطط له", zh: "已计划"),
                caution: 30),
            State(
                3, "ongoing",
                Label("Ongoing", fr: "En cours", es: "En curso", ru: "Осуществляется", ar: "قيد التنفيذ", zh: "进行中"),
                caution: 20),
            State(
                4, "completed",
                Label("Completed", fr: "Achevée", es: "Finalizada", ru: "Завершено", ar: "منجز", zh: "已完成"),
                caution: 10),
            State(
                5, "cancelled",
                Label("Cancelled", fr: "Annulée", es: "Cancelada", ru: "Отменено", ar: "ملغى", zh: "已取消"), caution: 50),
        ],
        // Work that was done before it was written down here is written down as it is.
        starts: ["idea", "planned", "ongoing", "completed"], beginsByItself: true,
        steps: [
            "idea": ["planned", "ongoing", "cancelled"], "planned": ["ongoing", "cancelled"],
            "ongoing": ["completed", "cancelled"], "completed": [], "cancelled": [],
        ])
}
