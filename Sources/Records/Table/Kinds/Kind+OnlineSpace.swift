/// What institutes give to the online space, and what they relay to their own readers. Numbers that are missing in a
/// row belong to fields of later versions.
extension Kind {
    /// What an institute gives to the online space: news, a report, an event.
    package static let contribution = Kind(
        35, "contribution",
        Label("Contribution", fr: "Contribution", es: "Contribución", ru: "Материал", ar: "مساهمة", zh: "供稿"),
        titleField: 18,
        fields: [
            Field(
                16, "org", .organisation, .organisation, .register(.soft), .required, visibility: .published,
                initial: .ownOrganisation),
            Field(17, "type", .type, .contributionType, .register(.soft), .atNew, visibility: .published),
            Field(
                18, "title", .title, .text(.line, maximumLength: 120), .languages(.soft), .atNew,
                visibility: .published),
            Field(
                19, "summary", .summary, .text(.lines, maximumLength: 300), .languages(.soft), visibility: .published),
            Field(20, "body", .text, .lines, .languages(.hard), visibility: .published),
            Field(
                21, "date", .date, .date, .register(.soft), .required, visibility: .published, initial: .today),
            Field(22, "place", .place, .line, .register(.soft), visibility: .published),
            Field(23, "countries", .countries, .form(.country), .set, visibility: .published),
            Field(24, "themes", .themes, .form(.concept), .set, visibility: .published),
            Field(
                25, "activity",
                Label("Activity", fr: "Activité", es: "Actividad", ru: "Мероприятие", ar: "النشاط", zh: "活动"),
                .id(kinds: [47]), .register(.soft), visibility: .published),
            Field(
                26, "lead",
                Label(
                    "Lead photo", fr: "Photo principale", es: "Fotografía principal", ru: "Главная фотография",
                    ar: "الصورة الرئيسية", zh: "主图"),
                .photo, .register(.soft), visibility: .published),
            Field(
                27, "media",
                Label("Photos", fr: "Photos", es: "Fotografías", ru: "Фотографии", ar: "الصور", zh: "照片"),
                .photo, .list(.soft), visibility: .published),
            Field(28, "source_url", .source, .form(.web), .register(.soft), visibility: .published),
            Field(
                29, "slug",
                Label(
                    "Page address", fr: "Adresse de la page", es: "Dirección de la página", ru: "Адрес страницы",
                    ar: "رابط الصفحة", zh: "页面地址"),
                .text(.slug, maximumLength: 80), .register(.soft), visibility: .published),
            Field(
                30, "translation",
                Label("Translation", fr: "Traduction", es: "Traducción", ru: "Перевод", ar: "الترجمة", zh: "翻译"),
                .translation, .languages(.soft)),
            Field(31, "licence", .licence, .licence, .register(.hard), .required, visibility: .published),
            Field(
                32, "embargo_until",
                Label(
                    "Embargo until", fr: "Embargo jusqu’au", es: "Embargo hasta", ru: "Эмбарго до", ar: "حظر النشر حتى",
                    zh: "解禁时间"),
                .instant, .register(.hard)),
            Field(33, "state", .state, .code(Workflow.publication.codeList), .workflow(.publication)),
        ],
        rules: [.unique(field: "slug")])

    /// A picture that may be shown, and under what conditions.
    package static let photo = Kind(
        50, "photo", Label("Photo", fr: "Photo", es: "Fotografía", ru: "Фотография", ar: "صورة", zh: "照片"),
        titleField: 18,
        fields: [
            // 16: blob, 17: size.
            Field(
                18, "caption",
                Label("Caption", fr: "Légende", es: "Pie de foto", ru: "Подпись", ar: "شرح الصورة", zh: "图片说明"), .line,
                .languages(.soft), .atNew, visibility: .published, writers: .origin),
            Field(
                19, "taken",
                Label(
                    "Taken on", fr: "Date de prise de vue", es: "Fecha de la toma", ru: "Дата съемки",
                    ar: "تاريخ الالتقاط", zh: "拍摄日期"),
                .date, .register(.soft), visibility: .published, writers: .origin),
            Field(20, "place", .place, .line, .register(.soft), visibility: .published, writers: .origin),
            Field(
                21, "alt",
                Label(
                    "Alternative text", fr: "Texte de remplacement", es: "Texto alternativo",
                    ru: "Альтернативный текст", ar: "النص البديل", zh: "替代文本"),
                .line, .languages(.soft), visibility: .published, writers: .origin),
            Field(
                22, "licence", .licence, .licence, .register(.hard), .required, visibility: .published,
                writers: .origin),
            Field(
                23, "people",
                Label(
                    "People shown", fr: "Personnes visibles", es: "Personas visibles", ru: "Изображенные лица",
                    ar: "الأشخاص الظاهرون", zh: "照片中的人物"),
                .peopleShown, .register(.hard), .required, writers: .origin),
            Field(
                24, "consent_scope",
                Label(
                    "Scope of consent", fr: "Portée du consentement", es: "Alcance del consentimiento",
                    ru: "Сфера действия согласия", ar: "نطاق الموافقة", zh: "同意范围"),
                .consentScope, .set, writers: .origin),
            Field(
                25, "consent_until",
                Label(
                    "Consent until", fr: "Consentement valable jusqu’au", es: "Consentimiento válido hasta",
                    ru: "Согласие действует до", ar: "الموافقة سارية حتى", zh: "同意有效期至"),
                .date, .register(.soft), writers: .origin),
            // 26: consent form.
            Field(27, "state", .state, .code(Workflow.clearance.codeList), .workflow(.clearance), writers: .origin),
        ])

    /// One number of a newsletter.
    package static let issue = Kind(
        51, "issue",
        Label(
            "Newsletter issue", fr: "Numéro du bulletin", es: "Número del boletín", ru: "Выпуск бюллетеня",
            ar: "عدد من النشرة الإخبارية", zh: "新闻通讯期次"),
        titleField: 17,
        fields: [
            Field(
                16, "org", .organisation, .organisation, .register(.soft), .atNew, visibility: .published,
                writers: .origin, initial: .ownOrganisation),
            Field(
                17, "number", .number, .text(.line, maximumLength: 40), .register(.soft), .atNew,
                visibility: .published, writers: .origin),
            Field(18, "date", .date, .date, .register(.soft), .atNew, visibility: .published, writers: .origin),
            Field(
                19, "lang", .language, .form(.language), .register(.soft), .atNew, visibility: .published,
                writers: .origin),
            Field(
                20, "items",
                Label("Items", fr: "Articles", es: "Artículos", ru: "Материалы", ar: "المواد", zh: "内容条目"),
                .id(kinds: [35]), .list(.soft), visibility: .published, writers: .origin),
            Field(
                21, "intro",
                Label(
                    "Opening text", fr: "Texte d’introduction", es: "Texto introductorio", ru: "Вступительный текст",
                    ar: "نص المقدمة", zh: "卷首语"),
                .lines, .register(.hard), visibility: .published, writers: .origin),
            Field(22, "state", .state, .code(Workflow.issue.codeList), .workflow(.issue), writers: .origin),
        ])

    /// An address that receives a newsletter.
    package static let subscription = Kind(
        52, "subscription",
        Label("Subscription", fr: "Abonnement", es: "Suscripción", ru: "Подписка", ar: "اشتراك", zh: "订阅"),
        titleField: 16,
        fields: [
            Field(16, "address", .emailAddress, .form(.email), .register(.soft), .atNew, writers: .origin),
            Field(17, "lang", .language, .form(.language), .register(.soft), writers: .origin),
            Field(
                18, "list",
                Label(
                    "Mailing list", fr: "Liste de diffusion", es: "Lista de distribución", ru: "Список рассылки",
                    ar: "القائمة البريدية", zh: "邮件列表"),
                .line, .register(.soft), writers: .origin),
            Field(19, "status", .state, .subscriptionStatus, .register(.hard), .required, writers: .origin),
        ])

    /// What the Sector asks institutes to relay.
    package static let publicityRequest = Kind(
        53, "publicity_request",
        Label(
            "Publicity request", fr: "Demande de diffusion", es: "Solicitud de difusión",
            ru: "Запрос на распространение", ar: "طلب ترويج", zh: "宣传请求"),
        titleField: 20,
        fields: [
            Field(
                16, "item",
                Label(
                    "Item to publicise", fr: "Contenu à diffuser", es: "Contenido por difundir",
                    ru: "Материал для распространения", ar: "المادة المراد ترويجها", zh: "待宣传内容"),
                .id(kinds: [35]), .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(
                17, "targets",
                Label(
                    "Addressed to", fr: "Destinataires", es: "Destinatarios", ru: "Адресаты", ar: "الجهات الموجه إليها",
                    zh: "发送对象"),
                .organisation, .set, writers: .origin),
            Field(
                18, "to_all",
                Label(
                    "All institutes", fr: "Tous les instituts", es: "Todos los institutos", ru: "Все институты",
                    ar: "جميع المعاهد", zh: "所有机构"),
                .boolean, .register(.soft), writers: .origin),
            Field(19, "period", .period, .dates("from", "until"), .register(.hard), .required, writers: .origin),
            Field(
                20, "suggested",
                Label(
                    "Suggested text", fr: "Texte proposé", es: "Texto propuesto", ru: "Предлагаемый текст",
                    ar: "النص المقترح", zh: "建议文本"),
                .lines, .languages(.hard), writers: .origin),
            Field(
                21, "assets",
                Label(
                    "Photos to use", fr: "Photos à utiliser", es: "Fotografías disponibles",
                    ru: "Фотографии для использования", ar: "الصور المتاحة", zh: "可用照片"),
                .photo, .set, writers: .origin),
        ],
        rules: [.anyOf(fields: ["targets", "to_all"])])

    /// What an institute made of such a request: one record for a request and an institute.
    package static let pickup = Kind(
        54, "pickup",
        Label("Pickup", fr: "Reprise", es: "Republicación", ru: "Повторная публикация", ar: "إعادة نشر", zh: "转载"),
        creation: .pair(fields: [16, 17]), titleField: 19,
        fields: [
            Field(
                16, "request",
                Label("Request", fr: "Demande", es: "Solicitud", ru: "Запрос", ar: "الطلب", zh: "请求"),
                .id(kinds: [53]), .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(
                17, "org", .organisation, .organisation, .register(.soft), .atNew, writers: .origin,
                initial: .ownOrganisation, isFixed: true),
            Field(
                18, "channel",
                Label("Channels", fr: "Canaux", es: "Canales", ru: "Каналы", ar: "القنوات", zh: "渠道"), .pickupChannel,
                .set, writers: .origin),
            Field(19, "url", .webPage, .form(.web), .register(.soft), writers: .origin),
            Field(20, "date", .date, .date, .register(.soft), writers: .origin, initial: .today),
            Field(
                21, "reach",
                Label(
                    "Audience reached", fr: "Public touché", es: "Público alcanzado", ru: "Охват аудитории",
                    ar: "حجم الجمهور", zh: "受众人数"),
                .integer(0...10_000_000_000), .counter, writers: .origin),
            // 22: clipping.
            Field(
                23, "declined_reason",
                Label(
                    "Reason for declining", fr: "Motif du refus", es: "Motivo del rechazo", ru: "Причина отказа",
                    ar: "سبب الاعتذار", zh: "谢绝理由"),
                .line, .register(.soft), writers: .origin),
        ])
}

extension ValueType {
    fileprivate static let contributionType = code([
        Code("news", Label("News", fr: "Actualité", es: "Noticia", ru: "Новость", ar: "خبر", zh: "新闻")),
        Code("report", Label("Report", fr: "Rapport", es: "Informe", ru: "Доклад", ar: "تقرير", zh: "报告")),
        Code("newsletter", .newsletter),
        Code(
            "photo-story",
            Label(
                "Photo story", fr: "Reportage photo", es: "Reportaje fotográfico", ru: "Фоторепортаж", ar: "قصة مصورة",
                zh: "图片故事")),
        Code("event", .event), Code("publication", .publication),
    ])

    fileprivate static let translation = code([
        Code(
            "human",
            Label(
                "By a person", fr: "Humaine", es: "Humana", ru: "Выполнен человеком", ar: "ترجمة بشرية", zh: "人工翻译")),
        Code(
            "machine-unreviewed",
            Label(
                "By machine, not reviewed", fr: "Automatique, non relue", es: "Automática, sin revisar",
                ru: "Машинный, без проверки", ar: "ترجمة آلية غير مراجعة", zh: "机器翻译，未审校")),
    ])

    fileprivate static let peopleShown = code([
        Code("none", Label("None", fr: "Aucune", es: "Ninguna", ru: "Нет", ar: "لا أحد", zh: "无")),
        Code(
            "not-identifiable",
            Label(
                "Not identifiable", fr: "Non identifiables", es: "No identificables", ru: "Неузнаваемы",
                ar: "لا يمكن التعرف عليهم", zh: "无法辨认")),
        Code(
            "identifiable",
            Label(
                "Identifiable", fr: "Identifiables", es: "Identificables", ru: "Узнаваемы", ar: "يمكن التعرف عليهم",
                zh: "可以辨认")),
        Code(
            "minors",
            Label("Minors", fr: "Mineurs", es: "Menores de edad", ru: "Несовершеннолетние", ar: "قاصرون", zh: "未成年人")),
    ])

    fileprivate static let consentScope = code([
        Code("web", .website), Code("newsletter", .newsletter), Code("print", .print), Code("social", .socialMedia),
    ])

    fileprivate static let subscriptionStatus = group(
        .init([
            Part(
                "status", .state,
                .code([
                    Code(
                        "pending",
                        Label(
                            "Pending", fr: "En attente", es: "Pendiente", ru: "Ожидает подтверждения",
                            ar: "قيد الانتظار", zh: "待确认")),
                    Code(
                        "confirmed",
                        Label(
                            "Confirmed", fr: "Confirmé", es: "Confirmada", ru: "Подтверждено", ar: "مؤكد", zh: "已确认")),
                    Code(
                        "unsubscribed",
                        Label("Unsubscribed", fr: "Résilié", es: "Cancelada", ru: "Отменено", ar: "ملغى", zh: "已退订")),
                ]), isRequired: true),
            Part("at", .date, .date),
        ]))

    fileprivate static let pickupChannel = code([
        Code("newsletter", .newsletter), Code("website", .website), Code("social", .socialMedia),
        Code(
            "mailing",
            Label("Mailing", fr: "Publipostage", es: "Envío masivo", ru: "Рассылка", ar: "مراسلة جماعية", zh: "群发邮件")),
        Code("print", .print),
        Code(
            "broadcast",
            Label(
                "Radio or television", fr: "Radio ou télévision", es: "Radio o televisión", ru: "Радио или телевидение",
                ar: "الإذاعة أو التلفزيون", zh: "广播或电视")),
    ])
}

extension Workflow {
    /// From a draft to the public page and away again.
    package static let publication = Workflow(
        [
            State(1, "draft", .draft, caution: 30),
            State(
                2, "submitted",
                Label("Submitted", fr: "Soumise", es: "Presentada", ru: "Представлено", ar: "تم تقديمها", zh: "已提交"),
                caution: 40),
            State(
                3, "changes-requested",
                Label(
                    "Changes requested", fr: "Modifications demandées", es: "Cambios solicitados",
                    ru: "Требуются изменения", ar: "التعديل مطلوب", zh: "需修改"),
                caution: 50),
            State(
                4, "approved",
                Label("Approved", fr: "Approuvée", es: "Aprobada", ru: "Утверждено", ar: "موافق عليها", zh: "已批准"),
                caution: 20),
            State(
                5, "published",
                Label("Published", fr: "Publiée", es: "Publicada", ru: "Опубликовано", ar: "منشورة", zh: "已发布"),
                caution: 10),
            State(
                6, "withdrawn",
                Label(
                    "Withdrawn", fr: "Retirée", es: "Retirada", ru: "Отозвано", ar: "مسحوبة", zh: "已撤回"), caution: 60),
        ], starts: ["draft"], beginsByItself: true,
        steps: [
            "draft": ["submitted", "withdrawn"], "submitted": ["changes-requested", "approved", "draft", "withdrawn"],
            "changes-requested": ["submitted", "withdrawn"],
            "approved": ["published", "changes-requested", "withdrawn"],
            "published": ["withdrawn"], "withdrawn": ["draft"],
        ])

    /// Whether a photo may be shown; consent can end before anybody has cleared it.
    package static let clearance = Workflow(
        [
            State(
                1, "pending",
                Label("Pending", fr: "En attente", es: "Pendiente", ru: "На рассмотрении", ar: "قيد النظر", zh: "待审核"),
                caution: 20),
            State(
                2, "cleared",
                Label("Cleared", fr: "Autorisée", es: "Autorizada", ru: "Разрешено", ar: "مجازة للنشر", zh: "已核准"),
                caution: 10),
            State(
                3, "withdrawn",
                Label(
                    "Withdrawn", fr: "Retirée", es: "Retirada", ru: "Отозвано", ar: "مسحوبة", zh: "已撤回"), caution: 30),
        ], starts: ["pending"], beginsByItself: true,
        steps: ["pending": ["cleared", "withdrawn"], "cleared": ["withdrawn"], "withdrawn": ["pending"]])

    /// From a draft of a newsletter to its readers.
    package static let issue = Workflow(
        [
            State(1, "draft", .draft, caution: 30),
            State(
                2, "approved",
                Label("Approved", fr: "Approuvé", es: "Aprobado", ru: "Утверждено", ar: "موافق عليه", zh: "已批准"),
                caution: 20),
            State(
                3, "sent", Label("Sent", fr: "Envoyé", es: "Enviado", ru: "Разослано", ar: "تم إرساله", zh: "已发送"),
                caution: 10),
            State(
                4, "withdrawn",
                Label("Withdrawn", fr: "Retiré", es: "Retirado", ru: "Отозвано", ar: "مسحوب", zh: "已撤回"), caution: 40),
        ], starts: ["draft"], beginsByItself: true,
        steps: [
            "draft": ["approved", "withdrawn"], "approved": ["sent", "withdrawn"], "sent": [], "withdrawn": ["draft"],
        ])
}
