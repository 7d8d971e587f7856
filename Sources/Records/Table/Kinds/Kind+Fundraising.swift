/// Sources of funds, and how the network goes for them together. Numbers that are missing in a row belong to fields of
/// later versions.
extension Kind {
    /// A call for proposals or another source of funds.
    package static let opportunity = Kind(
        36, "opportunity",
        Label(
            "Funding opportunity", fr: "Possibilité de financement", es: "Oportunidad de financiación",
            ru: "Возможность финансирования", ar: "فرصة تمويل", zh: "资助机会"),
        titleField: 18,
        fields: [
            Field(
                16, "funder",
                Label(
                    "Funder", fr: "Bailleur de fonds", es: "Entidad financiadora", ru: "Финансирующая организация",
                    ar: "الجهة الممولة", zh: "资助方"),
                .organisation, .register(.soft), .required),
            Field(
                17, "funder_name",
                Label(
                    "Name of the funder", fr: "Nom du bailleur de fonds", es: "Nombre de la entidad financiadora",
                    ru: "Название финансирующей организации", ar: "اسم الجهة الممولة", zh: "资助方名称"),
                .line, .register(.soft)),
            Field(18, "title", .title, .line, .languages(.soft), .atNew),
            Field(19, "summary", .summary, .lines, .register(.hard)),
            Field(20, "url", .webPage, .form(.web), .register(.soft)),
            Field(21, "type", .type, .form(.concept), .register(.soft)),
            Field(
                22, "award",
                Label(
                    "Award", fr: "Montant de la subvention", es: "Cuantía de la subvención", ru: "Размер гранта",
                    ar: "قيمة المنحة", zh: "资助额度"),
                .award, .register(.hard)),
            Field(
                23, "opens",
                Label(
                    "Opens on", fr: "Date d’ouverture", es: "Fecha de apertura", ru: "Дата открытия",
                    ar: "تاريخ فتح باب التقديم", zh: "开放申请日期"),
                .date, .register(.soft)),
            Field(
                24, "deadlines",
                Label(
                    "Deadlines", fr: "Dates limites", es: "Fechas límite", ru: "Крайние сроки", ar: "المواعيد النهائية",
                    zh: "截止日期"),
                .list(.deadline, maximumCount: 20), .register(.hard), .required),
            Field(25, "themes", .themes, .form(.concept), .set, .required),
            Field(
                26, "countries_eligible",
                Label(
                    "Eligible countries", fr: "Pays admissibles", es: "Países admisibles",
                    ru: "Страны, имеющие право участия",
                    ar: "البلدان المؤهلة", zh: "符合资格的国家"),
                .form(.country), .set),
            Field(
                27, "applicant_types",
                Label(
                    "Who may apply", fr: "Candidats admissibles", es: "Quién puede presentarse",
                    ru: "Кто может подать заявку", ar: "من يحق له التقديم", zh: "申请者类型"),
                .form(.concept), .set, .required),
            Field(
                28, "min_partners",
                Label(
                    "Minimum number of partners", fr: "Nombre minimal de partenaires", es: "Número mínimo de asociados",
                    ru: "Минимальное число партнеров", ar: "الحد الأدنى لعدد الشركاء", zh: "最少合作伙伴数"),
                .integer(0...1_000), .register(.soft)),
            Field(
                29, "min_countries",
                Label(
                    "Minimum number of countries", fr: "Nombre minimal de pays", es: "Número mínimo de países",
                    ru: "Минимальное число стран", ar: "الحد الأدنى لعدد البلدان", zh: "最少国家数"),
                .integer(0...250), .register(.soft)),
            Field(
                30, "cofunding_pct",
                Label(
                    "Co-funding, per cent", fr: "Cofinancement, en pourcentage", es: "Cofinanciación, en porcentaje",
                    ru: "Софинансирование, в процентах", ar: "النسبة المئوية للتمويل المشترك", zh: "配套资金比例（%）"),
                .decimal(0...100), .register(.hard)),
            Field(31, "languages", .spokenLanguages, .form(.language), .set),
            Field(
                32, "posted",
                Label(
                    "Posted on", fr: "Date de publication", es: "Fecha de publicación", ru: "Дата публикации",
                    ar: "تاريخ النشر", zh: "发布日期"),
                .date, .register(.soft), initial: .today),
            Field(33, "source", .source, .line, .register(.soft)),
            Field(
                34, "checked_at",
                Label(
                    "Checked on", fr: "Date de vérification", es: "Fecha de verificación", ru: "Дата проверки",
                    ar: "تاريخ التحقق", zh: "核实日期"),
                .date, .register(.soft)),
            Field(35, "state", .state, .code(Workflow.opportunity.codeList), .workflow(.opportunity)),
            // 36: attachments.
        ])

    /// How an organisation stands to an opportunity: one record for the two of them.
    package static let interest = Kind(
        55, "interest",
        Label(
            "Expression of interest", fr: "Manifestation d’intérêt", es: "Manifestación de interés",
            ru: "Выражение заинтересованности", ar: "إبداء اهتمام", zh: "合作意向"),
        creation: .pair(fields: [16, 17]), titleField: 19,
        fields: [
            Field(
                16, "org", .organisation, .organisation, .register(.soft), .atNew, writers: .origin,
                initial: .ownOrganisation, isFixed: true),
            Field(
                17, "opportunity", .opportunity, .opportunity, .register(.soft), .atNew, writers: .origin,
                isFixed: true),
            Field(
                18, "stance", Label("Stance", fr: "Position", es: "Postura", ru: "Позиция", ar: "الموقف", zh: "立场"),
                .stance, .register(.hard), .atNew, writers: .origin),
            Field(
                19, "brings",
                Label(
                    "What it brings", fr: "Apport", es: "Aportación", ru: "Вклад", ar: "ما تقدمه المنظمة",
                    zh: "可提供的资源"),
                .lines, .register(.hard), writers: .origin),
            Field(
                20, "capacity",
                Label(
                    "Financial capacity", fr: "Capacité financière", es: "Capacidad financiera",
                    ru: "Финансовые возможности", ar: "القدرة المالية", zh: "资金能力"),
                .money, .register(.soft), writers: .origin),
            Field(21, "until", .validUntil, .date, .register(.soft), writers: .origin),
        ])

    /// An application that several organisations write together.
    package static let bid = Kind(
        56, "bid",
        Label(
            "Joint bid", fr: "Candidature commune", es: "Propuesta conjunta", ru: "Совместная заявка",
            ar: "طلب تمويل مشترك", zh: "联合申请"),
        titleField: 19,
        fields: [
            Field(16, "opportunity", .opportunity, .opportunity, .register(.soft), .atNew, isFixed: true),
            Field(
                17, "lead",
                Label(
                    "Lead organisation", fr: "Organisation chef de file", es: "Organización líder",
                    ru: "Ведущая организация", ar: "المنظمة الرائدة", zh: "牵头机构"),
                .organisation, .register(.hard), .atNew, initial: .ownOrganisation),
            Field(18, "partners", .partners, .organisation, .set),
            Field(19, "title", .title, .line, .languages(.soft), .atNew),
            Field(20, "state", .state, .code(Workflow.bid.codeList), .workflow(.bid)),
            Field(
                21, "shares", Label("Shares", fr: "Parts", es: "Cuotas", ru: "Доли", ar: "الحصص", zh: "份额"),
                .group(.init(ValueType.moneyParts + [ValueType.Part("role", .role, .line)])),
                .map(.id(kinds: [32]), .hard)),
            Field(
                22, "total",
                Label(
                    "Total amount", fr: "Montant total", es: "Importe total", ru: "Общая сумма", ar: "المبلغ الإجمالي",
                    zh: "总金额"),
                .money, .register(.hard)),
            Field(
                23, "sections",
                Label("Sections", fr: "Sections", es: "Secciones", ru: "Разделы", ar: "الأقسام", zh: "章节"),
                .bidSection, .list(.hard)),
            Field(
                24, "checklist",
                Label(
                    "Checklist", fr: "Liste de contrôle", es: "Lista de verificación", ru: "Контрольный перечень",
                    ar: "قائمة التحقق", zh: "核对清单"),
                .line, .set),
            Field(
                25, "submitted",
                Label("Submission", fr: "Dépôt", es: "Presentación", ru: "Подача", ar: "التقديم", zh: "提交"),
                .submission, .register(.soft)),
            // 26: documents.
        ],
        rules: [.sum(field: "shares", part: "value", total: "total")])

    /// What one organisation does for another's bid, activity or search for funds.
    package static let support = Kind(
        57, "support", Label("Support", fr: "Soutien", es: "Apoyo", ru: "Поддержка", ar: "دعم", zh: "支持"),
        titleField: 21,
        fields: [
            Field(16, "type", .type, .supportType, .register(.soft), .atNew, writers: .origin),
            Field(
                17, "from",
                Label(
                    "Given by", fr: "Apporté par", es: "Prestado por", ru: "Кто оказывает", ar: "الجهة الداعمة",
                    zh: "提供方"),
                .organisation, .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(
                18, "to",
                Label(
                    "Given to", fr: "Bénéficiaire", es: "Beneficiario", ru: "Кому оказывается", ar: "الجهة المستفيدة",
                    zh: "受益方"),
                .organisation, .register(.soft), .atNew, writers: .origin, initial: .ownOrganisation, isFixed: true),
            Field(
                19, "for",
                Label(
                    "In support of", fr: "Objet du soutien", es: "Objeto del apoyo", ru: "Предмет поддержки",
                    ar: "موضوع الدعم", zh: "支持事项"),
                .id(kinds: [36, 47, 56]), .register(.soft), .atNew, writers: .origin),
            Field(20, "due", .due, .date, .register(.hard)),
            Field(21, "text", .text, .line, .register(.soft), writers: .origin),
            Field(22, "state", .state, .code(Workflow.support.codeList), .workflow(.support)),
            // 23: document.
        ])
}

extension ValueType {
    fileprivate static let bidSection = group(
        .init([
            Part("title", .title, .text(.line, maximumLength: 200), isRequired: true),
            Part("owner", .responsible, .contactOrOrganisation),
            // Shorter than other long texts, so that the whole section fits one value.
            Part("text", .text, .text(.lines, maximumLength: 3_500)),
            Part(
                "state", .state,
                code([
                    Code(
                        "open",
                        Label("Open", fr: "À rédiger", es: "Por redactar", ru: "Не начато", ar: "لم يبدأ", zh: "未开始")),
                    Code("draft", .draft),
                    Code("done", Label("Done", fr: "Terminée", es: "Terminada", ru: "Готово", ar: "منجز", zh: "已完成")),
                ])),
        ]))
    fileprivate static let award = group(
        .init(
            [
                Part(
                    "min",
                    Label(
                        "Smallest amount", fr: "Montant minimal", es: "Importe mínimo", ru: "Минимальная сумма",
                        ar: "المبلغ الأدنى", zh: "最低金额"),
                    amount),
                Part(
                    "max",
                    Label(
                        "Greatest amount", fr: "Montant maximal", es: "Importe máximo", ru: "Максимальная сумма",
                        ar: "المبلغ الأقصى", zh: "最高金额"),
                    amount),
                Part("currency", .currency, form(.currency), isRequired: true),
            ], ascending: ["min", "max"]))

    fileprivate static let deadline = group(
        .init([
            Part(
                "stage", Label("Stage", fr: "Étape", es: "Etapa", ru: "Этап", ar: "المرحلة", zh: "阶段"),
                .text(.line, maximumLength: 60), isRequired: true),
            Part("date", .date, .date, isRequired: true), Part("zone", .timeZone, form(.zone)),
        ]))

    fileprivate static let stance = code([
        Code("lead", Label("Lead", fr: "Chef de file", es: "Entidad líder", ru: "Ведущая роль", ar: "قيادة", zh: "牵头")),
        Code("partner", .partner),
        Code("support", Label("Support", fr: "Soutien", es: "Apoyo", ru: "Поддержка", ar: "دعم", zh: "支持")),
        Code("decline", Label("Decline", fr: "Refus", es: "Rechazo", ru: "Отказ", ar: "اعتذار", zh: "谢绝")),
    ])

    fileprivate static let submission = group(
        .init([
            Part(
                "ref",
                Label(
                    "Reference", fr: "Référence", es: "Referencia", ru: "Номер заявки", ar: "الرقم المرجعي",
                    zh: "参考编号"),
                .line),
            Part("when", .dateAndTime, .instant),
        ]))

    fileprivate static let supportType = code([
        Code(
            "letter",
            Label(
                "Letter of support", fr: "Lettre de soutien", es: "Carta de apoyo", ru: "Письмо поддержки",
                ar: "رسالة دعم", zh: "支持函")),
        Code(
            "endorsement",
            Label("Endorsement", fr: "Approbation", es: "Aval", ru: "Одобрение", ar: "تأييد", zh: "认可")),
        Code(
            "in-kind",
            Label(
                "Contribution in kind", fr: "Contribution en nature", es: "Contribución en especie",
                ru: "Взнос натурой", ar: "مساهمة عينية", zh: "实物捐助")),
        Code(
            "contact",
            Label(
                "Contact with somebody", fr: "Mise en contact", es: "Puesta en contacto", ru: "Установление контакта",
                ar: "إقامة اتصال", zh: "引荐联系人")),
    ])
}

extension Workflow {
    /// How far the network has looked at an opportunity.
    package static let opportunity = Workflow(
        [
            State(
                1, "spotted",
                Label("Spotted", fr: "Repérée", es: "Detectada", ru: "Выявлено", ar: "مرصودة", zh: "已发现"), caution: 30),
            State(
                2, "screened",
                Label("Screened", fr: "Examinée", es: "Analizada", ru: "Изучено", ar: "جرى فحصها", zh: "已初筛"),
                caution: 20),
            State(
                3, "open", Label("Open", fr: "Ouverte", es: "Abierta", ru: "Открыто", ar: "مفتوحة", zh: "开放中"),
                caution: 10),
            State(
                4, "closed", Label("Closed", fr: "Clôturée", es: "Cerrada", ru: "Закрыто", ar: "مغلقة", zh: "已截止"),
                caution: 40),
            State(
                5, "cancelled",
                Label("Cancelled", fr: "Annulée", es: "Cancelada", ru: "Отменено", ar: "ملغاة", zh: "已取消"),
                caution: 50),
        ], starts: ["spotted", "screened", "open"], beginsByItself: true,
        steps: [
            "spotted": ["screened", "open", "closed", "cancelled"], "screened": ["open", "closed", "cancelled"],
            "open": ["closed", "cancelled"], "closed": ["open"], "cancelled": ["open"],
        ])

    /// From partners who come together to the funder's answer.
    package static let bid = Workflow(
        [
            State(
                1, "forming",
                Label(
                    "Forming", fr: "En constitution", es: "En formación", ru: "Формируется", ar: "قيد التكوين",
                    zh: "组建中"),
                caution: 50),
            State(
                2, "drafting",
                Label(
                    "Drafting", fr: "En rédaction", es: "En redacción", ru: "Составляется", ar: "قيد الصياغة", zh: "起草中"
                ),
                caution: 40),
            State(
                3, "review",
                Label(
                    "Under review", fr: "En relecture", es: "En revisión", ru: "Проверяется", ar: "قيد المراجعة",
                    zh: "审阅中"
                ), caution: 30),
            State(
                4, "submitted",
                Label("Submitted", fr: "Déposée", es: "Presentada", ru: "Подано", ar: "تم تقديمه", zh: "已提交"),
                caution: 20),
            State(
                5, "won", Label("Won", fr: "Retenue", es: "Aceptada", ru: "Одобрено", ar: "مقبول", zh: "已获批"),
                caution: 10),
            State(
                6, "lost",
                Label("Lost", fr: "Non retenue", es: "No aceptada", ru: "Не одобрено", ar: "غير مقبول", zh: "未获批"),
                caution: 60),
            State(
                7, "withdrawn",
                Label("Withdrawn", fr: "Retirée", es: "Retirada", ru: "Отозвано", ar: "مسحوب", zh: "已撤回"), caution: 70),
        ], starts: ["forming", "drafting"], beginsByItself: true,
        steps: [
            "forming": ["drafting", "withdrawn"], "drafting": ["review", "withdrawn"],
            "review": ["submitted", "drafting", "withdrawn"], "submitted": ["won", "lost", "withdrawn"], "won": [],
            "lost": [], "withdrawn": [],
        ])

    /// What somebody asks for, and the answer.
    package static let support = Workflow(
        [
            State(
                1, "asked",
                Label("Requested", fr: "Demandé", es: "Solicitado", ru: "Запрошено", ar: "تم طلبه", zh: "已请求"),
                caution: 20),
            State(
                2, "given",
                Label("Given", fr: "Accordé", es: "Prestado", ru: "Оказано", ar: "تم تقديمه", zh: "已提供"), caution: 10),
            State(
                3, "declined",
                Label("Declined", fr: "Refusé", es: "Rechazado", ru: "Отклонено", ar: "مرفوض", zh: "已谢绝"), caution: 30),
        ],
        // What came unasked is written down as given.
        starts: ["asked", "given"], beginsByItself: true,
        steps: ["asked": ["given", "declined"], "given": [], "declined": []])
}
