/// Meetings, above all the annual review: who comes, what is spoken of, decided and to be done. Numbers that are
/// missing in a row belong to fields of later versions.
extension Kind {
    /// A meeting of the network, planned or past.
    package static let meeting = Kind(
        42, "meeting", Label("Meeting", fr: "Réunion", es: "Reunión", ru: "Совещание", ar: "اجتماع", zh: "会议"),
        titleField: 18,
        fields: [
            Field(16, "type", .type, .meetingType, .register(.soft), .atNew, writers: .origin),
            Field(
                17, "edition",
                Label("Edition", fr: "Édition", es: "Edición", ru: "Порядковый номер", ar: "الدورة", zh: "届次"), .line,
                .register(.soft), writers: .origin),
            Field(18, "title", .title, .line, .languages(.soft), .atNew, writers: .origin),
            Field(19, "period", .period, .meetingPeriod, .register(.hard), .required, writers: .origin),
            Field(20, "place", .place, .line, .register(.soft), writers: .origin),
            Field(
                21, "mode",
                Label("Mode", fr: "Modalité", es: "Modalidad", ru: "Формат", ar: "شكل الانعقاد", zh: "会议形式"),
                .meetingMode, .register(.soft), writers: .origin),
            Field(
                22, "link", Label("Link", fr: "Lien", es: "Enlace", ru: "Ссылка", ar: "الرابط", zh: "链接"), .form(.web),
                .register(.soft), writers: .origin),
            Field(
                23, "previous",
                Label(
                    "Previous meeting", fr: "Réunion précédente", es: "Reunión anterior", ru: "Предыдущее совещание",
                    ar: "الاجتماع السابق", zh: "上次会议"),
                .meeting, .register(.soft), writers: .origin),
            Field(
                24, "participants",
                Label(
                    "Participants", fr: "Participants", es: "Participantes", ru: "Участники", ar: "المشاركون", zh: "与会者"
                ),
                .contact, .set, writers: .origin),
            Field(
                25, "agenda",
                Label(
                    "Agenda", fr: "Ordre du jour", es: "Orden del día", ru: "Повестка дня", ar: "جدول الأعمال", zh: "议程"
                ),
                .id(kinds: [44]), .list(.soft), writers: .origin),
            Field(26, "state", .state, .code(Workflow.meeting.codeList), .workflow(.meeting), writers: .origin),
            // 27: papers.
        ])

    /// Whether somebody comes to a meeting: one record for a meeting and a person, whoever writes it first.
    package static let rsvp = Kind(
        43, "rsvp",
        Label(
            "Reply to an invitation", fr: "Réponse à une invitation", es: "Respuesta a una invitación",
            ru: "Ответ на приглашение", ar: "رد على دعوة", zh: "邀请答复"),
        creation: .pair(fields: [16, 17]), titleField: 18,
        fields: [
            Field(16, "meeting", .meeting, .meeting, .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(
                17, "person",
                Label(
                    "Person invited", fr: "Personne invitée", es: "Persona invitada", ru: "Приглашенное лицо",
                    ar: "الشخص المدعو", zh: "受邀人"),
                .contact, .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(
                18, "answer", Label("Answer", fr: "Réponse", es: "Respuesta", ru: "Ответ", ar: "الرد", zh: "答复"),
                .reply, .register(.soft), .atNew, writers: .origin),
            Field(
                19, "delegate",
                Label(
                    "Delegate", fr: "Représentant", es: "Representante", ru: "Представитель", ar: "المندوب", zh: "代表"),
                .contact, .register(.soft), writers: .origin),
        ])

    /// What a meeting is to speak of; the meeting has the order of its items.
    package static let agendaItem = Kind(
        44, "agenda_item",
        Label(
            "Agenda item", fr: "Point de l’ordre du jour", es: "Punto del orden del día", ru: "Пункт повестки дня",
            ar: "بند في جدول الأعمال", zh: "议程项目"),
        titleField: 17,
        fields: [
            Field(16, "meeting", .meeting, .meeting, .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(17, "title", .title, .line, .languages(.soft), .atNew, writers: .origin),
            Field(
                18, "presenter",
                Label("Presenter", fr: "Intervenant", es: "Ponente", ru: "Докладчик", ar: "مقدم البند", zh: "报告人"),
                .contact, .register(.soft), writers: .origin),
            Field(
                19, "minutes",
                Label(
                    "Duration in minutes", fr: "Durée en minutes", es: "Duración en minutos",
                    ru: "Продолжительность в минутах", ar: "المدة بالدقائق", zh: "时长（分钟）"),
                .integer(0...600), .register(.soft), writers: .origin),
            Field(20, "notes", .notes, .lines, .languages(.hard)),
            Field(
                21, "origin", .proposedBy, .organisation, .register(.soft), writers: .origin,
                initial: .ownOrganisation),
            // 22: paper.
        ])

    /// What a meeting decided; once adopted, its text stands.
    package static let decision = Kind(
        45, "decision", Label("Decision", fr: "Décision", es: "Decisión", ru: "Решение", ar: "مقرر", zh: "决定"),
        titleField: 18,
        fields: [
            Field(16, "meeting", .meeting, .meeting, .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(17, "number", .number, .text(.line, maximumLength: 40), .register(.soft), writers: .origin),
            Field(18, "text", .text, .lines, .languages(.hard), .atNew, writers: .origin),
            Field(
                19, "adopted",
                Label("Adoption", fr: "Adoption", es: "Aprobación", ru: "Принятие", ar: "الاعتماد", zh: "通过情况"),
                .code(Workflow.adoption.codeList), .workflow(.adoption), writers: .origin),
            Field(
                20, "adopted_on",
                Label(
                    "Adopted on", fr: "Date d’adoption", es: "Fecha de aprobación", ru: "Дата принятия",
                    ar: "تاريخ الاعتماد", zh: "通过日期"),
                .date, .register(.soft), writers: .origin),
        ],
        rules: [.frozen(field: "text", workflow: "adopted", state: "adopted")])

    /// Something that somebody is to do by a day.
    package static let action = Kind(
        46, "action", Label("Action", fr: "Mesure à prendre", es: "Medida", ru: "Поручение", ar: "إجراء", zh: "行动事项"),
        titleField: 18,
        fields: [
            Field(16, "meeting", .meeting, .meeting, .register(.soft), writers: .origin),
            Field(
                17, "decision",
                Label("Decision", fr: "Décision", es: "Decisión", ru: "Решение", ar: "المقرر", zh: "决定"),
                .id(kinds: [45]), .register(.soft), writers: .origin),
            Field(
                18, "text",
                Label(
                    "What is to be done", fr: "Tâche à accomplir", es: "Tarea por realizar", ru: "Что нужно сделать",
                    ar: "المطلوب إنجازه", zh: "待办内容"),
                .line, .register(.soft), .atNew, writers: .origin),
            Field(
                19, "owner", .responsible, .contactOrOrganisation, .register(.hard), .atNew, writers: .origin),
            Field(20, "due", .due, .date, .register(.hard), .atNew, writers: .origin),
            Field(21, "state", .state, .code(Workflow.action.codeList), .workflow(.action)),
            Field(
                22, "progress",
                Label(
                    "Progress", fr: "Avancement", es: "Avances", ru: "Ход выполнения", ar: "التقدم المحرز", zh: "进展情况"),
                .lines, .register(.hard)),
            Field(23, "evidence", .evidence, .anyRecord, .set),
        ])
}

extension ValueType {
    fileprivate static let meetingType = code([
        Code(
            "annual-review",
            Label(
                "Annual review meeting", fr: "Réunion annuelle", es: "Reunión anual de examen",
                ru: "Ежегодное обзорное совещание", ar: "اجتماع الاستعراض السنوي", zh: "年度审查会议")),
        Code("other", .other),
    ])

    fileprivate static let meetingPeriod = group(
        .init(
            [
                Part(
                    "start", Label("Start", fr: "Début", es: "Inicio", ru: "Начало", ar: "البداية", zh: "开始时间"),
                    .instant, isRequired: true),
                Part(
                    "end", Label("End", fr: "Fin", es: "Fin", ru: "Окончание", ar: "النهاية", zh: "结束时间"), .instant),
                Part("zone", .timeZone, .form(.zone)),
            ], ascending: ["start", "end"]))

    fileprivate static let meetingMode = code([
        Code(
            "in-person", Label("In person", fr: "En présentiel", es: "Presencial", ru: "Очный", ar: "حضوري", zh: "现场")),
        Code(
            "online", Label("Online", fr: "En ligne", es: "En línea", ru: "Дистанционный", ar: "عبر الإنترنت", zh: "线上")
        ),
        Code("hybrid", Label("Hybrid", fr: "Hybride", es: "Híbrida", ru: "Смешанный", ar: "مختلط", zh: "线上线下结合")),
    ])

    fileprivate static let reply = code([
        Code("yes", Label("Yes", fr: "Oui", es: "Sí", ru: "Да", ar: "نعم", zh: "参加")),
        Code("no", Label("No", fr: "Non", es: "No", ru: "Нет", ar: "لا", zh: "不参加")),
        Code("maybe", Label("Maybe", fr: "Peut-être", es: "Tal vez", ru: "Возможно", ar: "ربما", zh: "待定")),
        Code(
            "delegate",
            Label(
                "Sends a delegate", fr: "Se fait représenter", es: "Envía un representante",
                ru: "Направляет представителя", ar: "يوفد مندوبا عنه", zh: "委派代表")),
    ])
}

extension Workflow {
    /// From the plan of a meeting to the end of its work.
    package static let meeting = Workflow(
        [
            State(
                1, "planned",
                Label("Planned", fr: "Prévue", es: "Prevista", ru: "Запланировано", ar: "مقرر عقده", zh: "已计划"),
                caution: 50),
            State(
                2, "convened",
                Label("Convened", fr: "Convoquée", es: "Convocada", ru: "Созвано", ar: "تمت الدعوة إليه", zh: "已召集"),
                caution: 40),
            State(
                3, "held", Label("Held", fr: "Tenue", es: "Celebrada", ru: "Проведено", ar: "تم عقده", zh: "已举行"),
                caution: 30),
            State(
                4, "minuted",
                Label(
                    "Minutes written", fr: "Compte rendu établi", es: "Acta redactada", ru: "Протокол составлен",
                    ar: "المحضر جاهز", zh: "已形成纪要"),
                caution: 20),
            State(
                5, "closed", Label("Closed", fr: "Clôturée", es: "Cerrada", ru: "Закрыто", ar: "مختتم", zh: "已结束"),
                caution: 10),
            State(
                6, "cancelled",
                Label("Cancelled", fr: "Annulée", es: "Cancelada", ru: "Отменено", ar: "ملغى", zh: "已取消"), caution: 60),
        ],
        // Meetings of earlier years are written down as they are.
        starts: ["planned", "convened", "held", "minuted", "closed"], beginsByItself: true,
        steps: [
            "planned": ["convened", "cancelled"], "convened": ["held", "cancelled"], "held": ["minuted"],
            "minuted": ["closed"], "closed": [], "cancelled": [],
        ])

    /// What a meeting makes of a decision that somebody proposes.
    package static let adoption = Workflow(
        [
            State(
                1, "proposed",
                Label("Proposed", fr: "Proposée", es: "Propuesta", ru: "Предложено", ar: "مقترح", zh: "已提议"),
                caution: 20),
            State(
                2, "adopted",
                Label("Adopted", fr: "Adoptée", es: "Aprobada", ru: "Принято", ar: "معتمد", zh: "已通过"), caution: 10),
            State(
                3, "rejected",
                Label(
                    "Rejected", fr: "Rejetée", es: "Rechazada", ru: "Отклонено", ar: "مرفوض", zh: "已否决"), caution: 30),
            State(
                4, "withdrawn",
                Label("Withdrawn", fr: "Retirée", es: "Retirada", ru: "Отозвано", ar: "مسحوب", zh: "已撤回"), caution: 40),
        ],
        // Decisions of earlier meetings are written down as they stand.
        starts: ["proposed", "adopted"], beginsByItself: true,
        steps: [
            "proposed": ["adopted", "rejected", "withdrawn"], "adopted": [], "rejected": [], "withdrawn": ["proposed"],
        ])

    /// From what is to be done to what was done.
    package static let action = Workflow(
        [
            State(
                1, "open", Label("Open", fr: "À faire", es: "Pendiente", ru: "Не начато", ar: "لم يبدأ", zh: "待办"),
                caution: 30),
            State(
                2, "doing",
                Label("In progress", fr: "En cours", es: "En curso", ru: "Выполняется", ar: "قيد التنفيذ", zh: "进行中"),
                caution: 20),
            State(
                3, "done", Label("Done", fr: "Réalisée", es: "Realizada", ru: "Выполнено", ar: "منجز", zh: "已完成"),
                caution: 10),
            State(
                4, "dropped",
                Label("Dropped", fr: "Abandonnée", es: "Abandonada", ru: "Снято", ar: "متخلى عنه", zh: "已放弃"),
                caution: 40),
        ], starts: ["open", "doing"], beginsByItself: true,
        steps: [
            "open": ["doing", "done", "dropped"], "doing": ["done", "dropped"], "done": ["open"], "dropped": ["open"],
        ]
    )
}
