/// The people of the network: how to reach them, who they advise, and whom institutes recommend. Numbers that are
/// missing in a row belong to fields of later versions.
extension Kind {
    /// A person or office to write to.
    package static let contact = Kind(
        34, "contact", Label("Contact", fr: "Contact", es: "Contacto", ru: "Контакт", ar: "جهة اتصال", zh: "联系人"),
        titleField: 18,
        fields: [
            Field(
                16, "name", Label("Name", fr: "Nom", es: "Nombre", ru: "Фамилия и имя", ar: "الاسم", zh: "姓名"),
                .personName, .register(.hard), .required),
            Field(
                17, "native_name",
                Label(
                    "Name in its own script", fr: "Nom dans son écriture d’origine",
                    es: "Nombre en su escritura original", ru: "Имя в оригинальном написании",
                    ar: "الاسم بكتابته الأصلية", zh: "原文姓名"),
                .line, .languages(.soft)),
            Field(
                18, "display",
                Label(
                    "Display name", fr: "Nom affiché", es: "Nombre para mostrar", ru: "Отображаемое имя",
                    ar: "الاسم المعروض", zh: "显示名称"),
                .line, .register(.soft), .atNew),
            Field(
                19, "honorific",
                Label("Honorific", fr: "Civilité", es: "Tratamiento", ru: "Обращение", ar: "لقب المخاطبة", zh: "称谓"),
                .text(.line, maximumLength: 60), .register(.soft)),
            Field(
                20, "emails",
                Label(
                    "E-mail addresses", fr: "Adresses électroniques", es: "Direcciones de correo electrónico",
                    ru: "Адреса электронной почты", ar: "عناوين البريد الإلكتروني", zh: "电子邮件地址"),
                .form(.email), .set),
            Field(
                21, "phones",
                Label(
                    "Telephone numbers", fr: "Numéros de téléphone", es: "Números de teléfono", ru: "Номера телефонов",
                    ar: "أرقام الهاتف", zh: "电话号码"),
                .form(.phone), .set),
            Field(
                22, "primary_email",
                Label(
                    "Main e-mail address", fr: "Adresse électronique principale", es: "Correo electrónico principal",
                    ru: "Основной адрес электронной почты", ar: "عنوان البريد الإلكتروني الرئيسي", zh: "主要电子邮件地址"),
                .form(.email), .register(.hard)),
            Field(23, "languages", .spokenLanguages, .form(.language), .set),
            Field(24, "country", .country, .form(.country), .register(.soft)),
            Field(
                25, "expertise",
                Label(
                    "Expertise", fr: "Domaines de compétence", es: "Especialidades", ru: "Области знаний",
                    ar: "مجالات الخبرة", zh: "专长"),
                .form(.concept), .set),
            Field(
                26, "affiliations",
                Label(
                    "Affiliations", fr: "Affiliations", es: "Afiliaciones", ru: "Места работы",
                    ar: "الانتماءات المؤسسية", zh: "任职机构"),
                .affiliation, .set),
            Field(
                27, "orcid",
                Label(
                    "ORCID identifier", fr: "Identifiant ORCID", es: "Identificador ORCID", ru: "Идентификатор ORCID",
                    ar: "معرف ORCID", zh: "ORCID 标识符"),
                .form(.orcid), .register(.soft)),
            Field(
                28, "uid",
                Label(
                    "vCard identifier", fr: "Identifiant vCard", es: "Identificador vCard", ru: "Идентификатор vCard",
                    ar: "معرف vCard", zh: "vCard 标识符"),
                .line, .register(.soft)),
            // 29: photo.
            Field(
                30, "availability",
                Label(
                    "Availability", fr: "Disponibilité", es: "Disponibilidad", ru: "Доступность", ar: "أوقات التفرغ",
                    zh: "可参与时间"),
                .line, .register(.soft)),
            Field(31, "consent", .consent, .contactConsent, .register(.hard), .required),
            Field(
                32, "review_by",
                Label(
                    "Review by", fr: "À revoir avant le", es: "Revisar antes del", ru: "Пересмотреть до",
                    ar: "موعد المراجعة", zh: "复核期限"),
                .date, .register(.soft), initial: .monthsAhead(24)),
            Field(
                33, "org",
                Label(
                    "Member organisation", fr: "Organisation membre", es: "Organización miembro",
                    ru: "Организация-участник", ar: "المنظمة العضو", zh: "成员机构"),
                .organisation, .register(.soft)),
        ],
        rules: [.unique(field: "uid"), .unique(field: "orcid")])

    /// What an office notes about somebody for itself.
    package static let contactNote = Kind(
        39, "contact_note",
        Label(
            "Note on a contact", fr: "Note sur un contact", es: "Nota sobre un contacto", ru: "Заметка о контакте",
            ar: "ملاحظة عن جهة اتصال", zh: "联系人备注"),
        titleField: 17,
        fields: [
            Field(16, "contact", .contact, .contact, .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(17, "text", .text, .lines, .register(.hard), .atNew, writers: .origin),
        ])

    /// An advisor who works with an institute towards its objectives.
    package static let engagement = Kind(
        40, "engagement",
        Label(
            "Advisor engagement", fr: "Mission de conseil", es: "Misión de asesoramiento", ru: "Привлечение советника",
            ar: "مهمة استشارية", zh: "顾问服务"),
        titleField: 23,
        fields: [
            Field(
                16, "advisor",
                Label("Advisor", fr: "Conseiller", es: "Asesor", ru: "Советник", ar: "المستشار", zh: "顾问"),
                .contact, .register(.soft), .atNew),
            Field(
                17, "institute",
                Label("Institute", fr: "Institut", es: "Instituto", ru: "Институт", ar: "المعهد", zh: "受援机构"),
                .organisation, .register(.soft), .atNew),
            Field(18, "objectives", .objectives, .objective, .set, .required),
            Field(
                19, "proposed_by", .proposedBy, .organisation, .register(.soft), .required, writers: .origin,
                initial: .ownOrganisation),
            Field(20, "state", .state, .code(Workflow.engagement.codeList), .workflow(.engagement)),
            Field(21, "period", .period, .dates, .register(.hard)),
            Field(
                22, "days",
                Label(
                    "Days worked", fr: "Jours travaillés", es: "Días trabajados", ru: "Отработанные дни",
                    ar: "أيام العمل", zh: "工作天数"),
                .integer(0...100_000), .counter),
            Field(
                23, "terms",
                Label(
                    "Terms of reference", fr: "Mandat", es: "Términos de referencia", ru: "Круг ведения",
                    ar: "الاختصاصات", zh: "职责范围"),
                .lines, .register(.hard)),
            Field(
                24, "outcome",
                Label("Outcome", fr: "Résultat", es: "Resultado", ru: "Итоги", ar: "النتيجة", zh: "结果"), .lines,
                .register(.hard)),
        ])

    /// Somebody whom an institute found in its region and who could help.
    package static let introduction = Kind(
        41, "introduction",
        Label("Introduction", fr: "Mise en relation", es: "Presentación", ru: "Рекомендация", ar: "تزكية", zh: "引荐"),
        titleField: 21,
        fields: [
            Field(
                16, "subject",
                Label(
                    "Person or organisation", fr: "Personne ou organisation", es: "Persona u organización",
                    ru: "Лицо или организация", ar: "الشخص أو المنظمة", zh: "个人或机构"),
                .contactOrOrganisation, .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(
                17, "proposed_by", .proposedBy, .organisation, .register(.soft), .required, writers: .origin,
                initial: .ownOrganisation),
            Field(
                18, "can_help",
                Label(
                    "Can help with", fr: "Peut contribuer à", es: "Puede ayudar en", ru: "В чем может помочь",
                    ar: "مجالات المساعدة الممكنة", zh: "可协助的事项"),
                .id(kinds: [38, 47]), .set, writers: .origin),
            Field(
                19, "regions", Label("Regions", fr: "Régions", es: "Regiones", ru: "Регионы", ar: "المناطق", zh: "地区"),
                .form(.region), .set, writers: .origin),
            Field(
                20, "how_known",
                Label(
                    "How they are known", fr: "Origine du lien", es: "Origen de la relación", ru: "Откуда известно",
                    ar: "كيفية التعارف", zh: "结识方式"),
                .acquaintance, .register(.soft), .required, writers: .origin),
            Field(
                21, "rationale",
                Label(
                    "Rationale", fr: "Justification", es: "Justificación", ru: "Обоснование", ar: "المبررات", zh: "理由"),
                .lines, .register(.hard), .atNew, writers: .origin),
            Field(22, "consent", .consent, .introductionConsent, .register(.hard), .required, writers: .origin),
            Field(
                23, "state", .state, .code(Workflow.introduction.codeList), .workflow(.introduction), writers: .origin),
            Field(24, "owner", .responsible, .contact, .register(.soft)),
            Field(
                25, "next_step",
                Label(
                    "Date of the next step", fr: "Date de la prochaine étape", es: "Fecha del próximo paso",
                    ru: "Дата следующего шага", ar: "تاريخ الخطوة التالية", zh: "下一步日期"),
                .date, .register(.soft)),
        ])
}

extension ValueType {
    fileprivate static let personName = group(
        .init([
            Part(
                "family",
                Label("Family name", fr: "Nom de famille", es: "Apellidos", ru: "Фамилия", ar: "اسم العائلة", zh: "姓"),
                .line),
            Part(
                "given",
                Label("Given name", fr: "Prénom", es: "Nombre de pila", ru: "Имя", ar: "الاسم الأول", zh: "名"), .line),
        ]))

    fileprivate static let affiliation = group(
        .init(
            [
                Part("organisation", .organisation, .line, isRequired: true),
                Part(
                    "title",
                    Label("Job title", fr: "Fonction", es: "Cargo", ru: "Должность", ar: "المسمى الوظيفي", zh: "职务"),
                    .line),
                Part("from", .startDate, .date), Part("to", .endDate, .date),
            ], ascending: ["from", "to"]))

    fileprivate static let contactConsent = group(
        .init([
            Part(
                "basis",
                Label(
                    "Legal basis", fr: "Base juridique", es: "Base jurídica", ru: "Правовое основание",
                    ar: "الأساس القانوني", zh: "法律依据"),
                .code([
                    Code(
                        "unknown",
                        Label("Unknown", fr: "Inconnue", es: "Desconocida", ru: "Неизвестно", ar: "غير معروف", zh: "未知")
                    ),
                    Code("consent", .consent),
                    Code(
                        "legitimate-interest",
                        Label(
                            "Legitimate interest", fr: "Intérêt légitime", es: "Interés legítimo",
                            ru: "Законный интерес", ar: "المصلحة المشروعة", zh: "正当利益")),
                    Code("public-figure", .publicFigure),
                    Code(
                        "contract",
                        Label("Contract", fr: "Contrat", es: "Contrato", ru: "Договор", ar: "عقد", zh: "合同")),
                ]), isRequired: true),
            Part("date", .date, .date),
            Part(
                "scope",
                Label("Scope", fr: "Portée", es: "Alcance", ru: "Сфера действия", ar: "النطاق", zh: "范围"), .line),
        ]))

    fileprivate static let acquaintance = code([
        Code(
            "worked-with",
            Label(
                "Worked with", fr: "Collaboration passée", es: "Colaboración previa", ru: "Совместная работа",
                ar: "تعاون سابق", zh: "曾经合作")),
        Code(
            "met", Label("Met", fr: "Rencontre", es: "Encuentro", ru: "Личная встреча", ar: "لقاء شخصي", zh: "曾经会面")),
        Code(
            "heard-of",
            Label("Heard of", fr: "Par ouï-dire", es: "De oídas", ru: "Понаслышке", ar: "عن طريق السماع", zh: "有所耳闻")),
    ])

    fileprivate static let introductionConsent = code([
        Code("asked", Label("Asked", fr: "Demandé", es: "Solicitado", ru: "Запрошено", ar: "قيد الطلب", zh: "已征询")),
        Code("given", Label("Given", fr: "Donné", es: "Otorgado", ru: "Получено", ar: "ممنوحة", zh: "已同意")),
        Code("public-figure", .publicFigure),
    ])
}

extension Workflow {
    /// From the proposal of an advisor to the end of the work.
    package static let engagement = Workflow(
        [
            State(
                1, "proposed",
                Label("Proposed", fr: "Proposée", es: "Propuesta", ru: "Предложено", ar: "مقترحة", zh: "已提议"),
                caution: 40),
            State(
                2, "accepted",
                Label("Accepted", fr: "Acceptée", es: "Aceptada", ru: "Принято", ar: "مقبولة", zh: "已接受"), caution: 30),
            State(
                3, "active",
                Label("Active", fr: "En cours", es: "En curso", ru: "Осуществляется", ar: "جارية", zh: "进行中"),
                caution: 10),
            State(
                4, "completed",
                Label("Completed", fr: "Achevée", es: "Finalizada", ru: "Завершено", ar: "منجزة", zh: "已完成"),
                caution: 20),
            State(
                5, "declined",
                Label("Declined", fr: "Déclinée", es: "Rechazada", ru: "Отклонено", ar: "مرفوضة", zh: "已谢绝"),
                caution: 50),
        ],
        // Work that began before it was written down here is written down as it is.
        starts: ["proposed", "accepted", "active", "completed"], beginsByItself: true,
        steps: [
            "proposed": ["accepted", "declined"], "accepted": ["active", "declined"], "active": ["completed"],
            "completed": [], "declined": [],
        ])

    /// From a name that somebody suggests to work with them.
    package static let introduction = Workflow(
        [
            State(
                1, "suggested",
                Label("Suggested", fr: "Suggérée", es: "Sugerida", ru: "Предложено", ar: "مقترحة", zh: "已建议"),
                caution: 40),
            State(
                2, "reviewed",
                Label("Reviewed", fr: "Examinée", es: "Examinada", ru: "Рассмотрено", ar: "تمت مراجعتها", zh: "已审核"),
                caution: 30),
            State(
                3, "contacted",
                Label(
                    "Contacted", fr: "Contact établi", es: "Contacto establecido", ru: "Контакт установлен",
                    ar: "تم الاتصال", zh: "已联系"),
                caution: 20),
            State(
                4, "engaged",
                Label(
                    "Engaged", fr: "Collaboration engagée", es: "Colaboración iniciada", ru: "Сотрудничество начато",
                    ar: "بدأ التعاون", zh: "已开展合作"),
                caution: 10),
            State(
                5, "declined",
                Label("Declined", fr: "Déclinée", es: "Rechazada", ru: "Отклонено", ar: "مرفوضة", zh: "已谢绝"),
                caution: 50),
        ], starts: ["suggested"], beginsByItself: true,
        steps: [
            "suggested": ["reviewed", "declined"], "reviewed": ["contacted", "declined"],
            "contacted": ["engaged", "declined"], "engaged": [], "declined": [],
        ])
}
