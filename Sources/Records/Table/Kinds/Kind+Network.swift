/// Who makes up the network, what was agreed with them, and what they strive for. Numbers that are missing in a row
/// belong to fields of later versions.
extension Kind {
    /// A partner institute, the Sector, or another body that the network works with.
    package static let organisation = Kind(
        32, "organisation",
        Label("Organisation", fr: "Organisation", es: "Organización", ru: "Организация", ar: "منظمة", zh: "机构"),
        creation: .byHandOrAdmission, titleField: 16,
        fields: [
            Field(16, "name", .name, .line, .languages(.soft), .atNew, visibility: .published, writers: .origin),
            Field(
                17, "short",
                Label(
                    "Short name", fr: "Nom abrégé", es: "Nombre abreviado", ru: "Краткое название", ar: "الاسم المختصر",
                    zh: "简称"),
                .text(.line, maximumLength: 40), .register(.soft), .required, visibility: .published, writers: .origin),
            Field(
                18, "type", .type, .organisationType, .register(.soft), .required, visibility: .published,
                writers: .origin),
            Field(
                19, "country", .country, .form(.country), .register(.soft), .required, visibility: .published,
                writers: .origin),
            Field(
                20, "serves",
                Label(
                    "Countries and regions served", fr: "Pays et régions desservis", es: "Países y regiones atendidos",
                    ru: "Охватываемые страны и регионы", ar: "البلدان والمناطق المشمولة", zh: "服务的国家和地区"),
                .form(.region), .set, visibility: .published, writers: .origin),
            Field(21, "themes", .themes, .form(.concept), .set, visibility: .published, writers: .origin),
            Field(22, "languages", .spokenLanguages, .form(.language), .set, visibility: .published, writers: .origin),
            Field(23, "website", .website, .form(.web), .register(.soft), visibility: .published, writers: .origin),
            Field(
                24, "ror",
                Label(
                    "ROR identifier", fr: "Identifiant ROR", es: "Identificador ROR", ru: "Идентификатор ROR",
                    ar: "معرف ROR", zh: "ROR 标识符"),
                .form(.ror), .register(.soft), visibility: .published, writers: .origin),
            Field(
                25, "iati_org",
                Label(
                    "IATI organisation identifier", fr: "Identifiant IATI de l’organisation",
                    es: "Identificador IATI de la organización", ru: "Идентификатор организации в IATI",
                    ar: "معرف المنظمة في IATI", zh: "IATI 机构标识符"),
                .form(.concept), .register(.soft), writers: .origin),
            // 26: logo.
            Field(
                27, "about",
                Label(
                    "About", fr: "Présentation", es: "Presentación", ru: "Об организации", ar: "نبذة عن المنظمة",
                    zh: "机构简介"),
                .lines, .languages(.hard), visibility: .published, writers: .origin),
            Field(
                28, "status", .status, .code(Workflow.designation.codeList), .workflow(.designation), writers: .origin),
            Field(
                29, "focal_points",
                Label(
                    "Focal points", fr: "Points focaux", es: "Puntos focales", ru: "Координаторы", ar: "جهات التنسيق",
                    zh: "协调人"),
                .contact, .set, writers: .origin),
        ],
        rules: [.unique(field: "short")])

    /// A machine on which a node runs; what its key and grant say is derived and never stored here.
    package static let device = Kind(
        33, "device", Label("Device", fr: "Appareil", es: "Dispositivo", ru: "Устройство", ar: "جهاز", zh: "设备"),
        creation: .byDevice, titleField: 16,
        fields: [
            Field(
                16, "alias",
                Label(
                    "Device name", fr: "Nom de l’appareil", es: "Nombre del dispositivo", ru: "Имя устройства",
                    ar: "اسم الجهاز", zh: "设备名称"),
                .text(.line, maximumLength: 80), .register(.soft), .atNew, writers: .device),
            Field(17, "org", .organisation, .organisation, .register(.soft), .required, writers: .device),
            Field(
                18, "role_hint",
                Label("Used as", fr: "Usage", es: "Uso", ru: "Назначение", ar: "الاستخدام", zh: "用途"), .line,
                .register(.soft), writers: .device),
            Field(19, "country", .country, .form(.country), .register(.soft), writers: .device),
            Field(
                20, "position",
                Label(
                    "Position", fr: "Position", es: "Ubicación", ru: "Местоположение", ar: "الموقع الجغرافي", zh: "位置"),
                .position, .register(.soft), writers: .device),
            Field(
                21, "addresses",
                Label(
                    "Network addresses", fr: "Adresses réseau", es: "Direcciones de red", ru: "Сетевые адреса",
                    ar: "عناوين الشبكة", zh: "网络地址"),
                .form(.address), .set, writers: .device),
            Field(
                22, "blob_policy",
                Label(
                    "Attachments kept", fr: "Pièces jointes conservées", es: "Archivos adjuntos conservados",
                    ru: "Хранимые вложения", ar: "المرفقات المحفوظة", zh: "保留的附件"),
                .keptAttachments, .register(.soft), writers: .device),
            Field(
                23, "profile",
                Label("Connection", fr: "Connexion", es: "Conexión", ru: "Подключение", ar: "الاتصال", zh: "网络连接"),
                .connection, .register(.soft), writers: .device),
            Field(
                24, "person",
                Label("User", fr: "Utilisateur", es: "Usuario", ru: "Пользователь", ar: "المستخدم", zh: "使用人"),
                .contact, .register(.soft), writers: .device),
        ])

    /// What an institute and the Sector agreed on, and until when.
    package static let agreement = Kind(
        37, "agreement", Label("Agreement", fr: "Accord", es: "Acuerdo", ru: "Соглашение", ar: "اتفاق", zh: "协定"),
        titleField: 17,
        fields: [
            Field(
                16, "org", .organisation, .organisation, .register(.soft), .atNew, writers: .origin, isFixed: true),
            Field(
                17, "resolution",
                Label("Resolution", fr: "Résolution", es: "Resolución", ru: "Резолюция", ar: "القرار", zh: "决议"),
                .line, .register(.soft), writers: .origin),
            Field(
                18, "term",
                Label(
                    "Term", fr: "Durée de validité", es: "Vigencia", ru: "Срок действия", ar: "مدة السريان", zh: "有效期"),
                .agreementTerm, .register(.hard), .required, writers: .origin),
            Field(
                19, "evaluation_due",
                Label(
                    "Evaluation due", fr: "Échéance de l’évaluation", es: "Fecha límite de la evaluación",
                    ru: "Срок проведения оценки", ar: "موعد التقييم", zh: "评估期限"),
                .date, .register(.hard), writers: .origin),
            Field(
                20, "renewal",
                Label("Renewal", fr: "Renouvellement", es: "Renovación", ru: "Продление", ar: "التجديد", zh: "续签"),
                .code(Workflow.renewal.codeList), .workflow(.renewal), writers: .origin),
            // 21: documents.
        ])

    /// What an institute or the Sector wants to reach.
    package static let objective = Kind(
        38, "objective", Label("Objective", fr: "Objectif", es: "Objetivo", ru: "Цель", ar: "هدف", zh: "目标"),
        titleField: 18,
        fields: [
            Field(
                16, "owner",
                Label(
                    "Responsible organisation", fr: "Organisation responsable", es: "Organización responsable",
                    ru: "Ответственная организация", ar: "المنظمة المسؤولة", zh: "负责机构"),
                .organisation, .register(.soft), .atNew, writers: .origin, initial: .ownOrganisation),
            Field(
                17, "code", Label("Code", fr: "Code", es: "Código", ru: "Код", ar: "الرمز", zh: "代码"),
                .text(.line, maximumLength: 40), .register(.soft), writers: .origin),
            Field(18, "title", .title, .line, .languages(.soft), .atNew, writers: .origin),
            Field(19, "description", .description, .lines, .languages(.hard), writers: .origin),
            Field(20, "period", .period, .dates, .register(.soft), writers: .origin),
            Field(21, "themes", .themes, .form(.concept), .set, writers: .origin),
            Field(22, "countries", .countries, .form(.country), .set, writers: .origin),
            Field(
                23, "contributes_to",
                Label(
                    "Contributes to", fr: "Contribue à", es: "Contribuye a", ru: "Вклад в достижение целей",
                    ar: "يسهم في", zh: "有助于实现"),
                .objective, .set, writers: .origin),
            Field(
                24, "indicator",
                Label("Indicator", fr: "Indicateur", es: "Indicador", ru: "Показатель", ar: "المؤشر", zh: "指标"), .line,
                .register(.soft), writers: .origin),
            Field(
                25, "target",
                Label("Target", fr: "Cible", es: "Meta", ru: "Целевое значение", ar: "القيمة المستهدفة", zh: "目标值"),
                .line, .register(.hard), writers: .origin),
            Field(
                26, "state", .state, .code(Workflow.objective.codeList), .workflow(.objective), writers: .origin),
        ])
}

extension ValueType {
    fileprivate static let organisationType = code([
        Code(
            "c2",
            Label(
                "Category 2 institute", fr: "Institut de catégorie 2", es: "Instituto de categoría 2",
                ru: "Институт категории 2", ar: "معهد من الفئة 2", zh: "第2类机构")),
        Code(
            "sector-division",
            Label(
                "Division of the Sector", fr: "Division du Secteur", es: "División del Sector", ru: "Отдел Сектора",
                ar: "شعبة في القطاع", zh: "部门下设处室")),
        Code(
            "field-office",
            Label(
                "Field office", fr: "Bureau hors Siège", es: "Oficina fuera de la Sede", ru: "Бюро на местах",
                ar: "مكتب ميداني", zh: "总部外办事处")),
        Code(
            "natcom",
            Label(
                "National Commission", fr: "Commission nationale", es: "Comisión Nacional",
                ru: "Национальная комиссия", ar: "لجنة وطنية", zh: "全国委员会")),
        Code("donor", Label("Donor", fr: "Donateur", es: "Donante", ru: "Донор", ar: "جهة مانحة", zh: "捐助方")),
        Code("partner", .partner),
        Code(
            "media",
            Label(
                "Media", fr: "Médias", es: "Medios de comunicación", ru: "Средства массовой информации",
                ar: "وسيلة إعلام", zh: "媒体")),
    ])

    fileprivate static let position = group(
        .init([
            Part(
                "lat", Label("Latitude", fr: "Latitude", es: "Latitud", ru: "Широта", ar: "خط العرض", zh: "纬度"),
                .decimal(-90...90), isRequired: true),
            Part(
                "lon", Label("Longitude", fr: "Longitude", es: "Longitud", ru: "Долгота", ar: "خط الطول", zh: "经度"),
                .decimal(-180...180), isRequired: true),
            Part(
                "precision",
                Label(
                    "Precision in degrees", fr: "Précision en degrés", es: "Precisión en grados",
                    ru: "Точность в градусах", ar: "الدقة بالدرجات", zh: "精度（度）"),
                .precision, isRequired: true),
        ]))

    /// Degrees: a tenth is about 11 km, so that nobody's home is on the map.
    private static let precision = code([
        Code(
            "0.1",
            Label(
                "0.1 degrees", fr: "0,1 degré", es: "0,1 grados", ru: "0,1 градуса", ar: "0,1 درجة", zh: "0.1 度")),
        Code(
            "0.5",
            Label(
                "0.5 degrees", fr: "0,5 degré", es: "0,5 grados", ru: "0,5 градуса", ar: "0,5 درجة", zh: "0.5 度")),
        Code("1", Label("1 degree", fr: "1 degré", es: "1 grado", ru: "1 градус", ar: "درجة واحدة", zh: "1 度")),
        Code("5", Label("5 degrees", fr: "5 degrés", es: "5 grados", ru: "5 градусов", ar: "5 درجات", zh: "5 度")),
        Code(
            "10", Label("10 degrees", fr: "10 degrés", es: "10 grados", ru: "10 градусов", ar: "10 درجات", zh: "10 度")),
    ])

    fileprivate static let keptAttachments = code([
        Code("none", Label("None", fr: "Aucune", es: "Ninguno", ru: "Не хранятся", ar: "لا شيء", zh: "不保留")),
        Code(
            "thumb",
            Label("Thumbnails", fr: "Vignettes", es: "Miniaturas", ru: "Миниатюры", ar: "صور مصغرة", zh: "缩略图")),
        Code(
            "preview",
            Label(
                "Previews", fr: "Aperçus", es: "Vistas previas", ru: "Изображения для просмотра", ar: "صور للمعاينة",
                zh: "预览图")),
        Code("all", Label("All", fr: "Toutes", es: "Todos", ru: "Все", ar: "الكل", zh: "全部")),
    ])

    fileprivate static let connection = code([
        Code("normal", Label("Normal", fr: "Normale", es: "Normal", ru: "Обычное", ar: "عادي", zh: "正常")),
        Code(
            "metered",
            Label(
                "Metered", fr: "Facturée à l’usage", es: "De uso medido", ru: "С оплатой по объему",
                ar: "بحسب الاستهلاك", zh: "按流量计费")),
        Code(
            "satellite",
            Label(
                "Satellite", fr: "Par satellite", es: "Por satélite", ru: "Спутниковое", ar: "عبر السواتل", zh: "卫星")),
    ])

    fileprivate static let agreementTerm = group(
        .init(
            [
                Part(
                    "signed",
                    Label(
                        "Signed on", fr: "Date de signature", es: "Fecha de firma", ru: "Дата подписания",
                        ar: "تاريخ التوقيع", zh: "签署日期"),
                    .date),
                Part(
                    "in_force",
                    Label(
                        "In force from", fr: "Date d’entrée en vigueur", es: "Fecha de entrada en vigor",
                        ru: "Дата вступления в силу", ar: "تاريخ بدء النفاذ", zh: "生效日期"),
                    .date),
                Part(
                    "expires",
                    Label(
                        "Expires on", fr: "Date d’expiration", es: "Fecha de expiración", ru: "Дата истечения срока",
                        ar: "تاريخ انتهاء السريان", zh: "到期日期"),
                    .date),
            ], ascending: ["signed", "expires"]))
}

extension Workflow {
    /// How an institute stands towards the Sector.
    package static let designation = Workflow(
        [
            State(
                1, "proposed",
                Label("Proposed", fr: "Proposée", es: "Propuesta", ru: "Предложено", ar: "مقترحة", zh: "已提议"),
                caution: 30),
            State(
                2, "designated",
                Label("Designated", fr: "Désignée", es: "Designada", ru: "Статус присвоен", ar: "معتمدة", zh: "已指定"),
                caution: 10),
            State(
                3, "under-renewal",
                Label(
                    "Under renewal", fr: "En cours de renouvellement", es: "En renovación", ru: "Статус продлевается",
                    ar: "قيد تجديد الاعتماد", zh: "续期中"),
                caution: 20),
            State(
                4, "lapsed",
                Label("Lapsed", fr: "Expirée", es: "Caducada", ru: "Статус истек", ar: "منتهية الاعتماد", zh: "已失效"),
                caution: 40),
            State(
                5, "withdrawn",
                Label(
                    "Withdrawn", fr: "Retirée", es: "Retirada", ru: "Статус отозван", ar: "مسحوبة الاعتماد", zh: "已撤销"),
                caution: 50),
        ],
        // What stood before it was first written down here may be in any state.
        starts: ["proposed", "designated", "under-renewal", "lapsed", "withdrawn"], beginsByItself: false,
        steps: [
            "proposed": ["designated", "withdrawn"], "designated": ["under-renewal", "lapsed", "withdrawn"],
            "under-renewal": ["designated", "lapsed", "withdrawn"], "lapsed": ["under-renewal", "withdrawn"],
            "withdrawn": ["proposed"],
        ])

    /// The way from one term of an agreement to the next.
    package static let renewal = Workflow(
        [
            State(
                1, "not-due",
                Label(
                    "Not due", fr: "Pas encore à examiner", es: "Aún no procede", ru: "Срок не наступил",
                    ar: "لم يحن موعده", zh: "未到期"),
                caution: 20),
            State(
                2, "review",
                Label(
                    "Under review", fr: "En cours d’examen", es: "En examen", ru: "Рассматривается",
                    ar: "قيد الاستعراض", zh: "审查中"),
                caution: 30),
            State(
                3, "proposed",
                Label("Proposed", fr: "Proposé", es: "Renovación propuesta", ru: "Предложено", ar: "مقترح", zh: "已提议"),
                caution: 40
            ),
            State(
                4, "renewed",
                Label("Renewed", fr: "Renouvelé", es: "Renovado", ru: "Продлено", ar: "تم تجديده", zh: "已续签"),
                caution: 10),
            State(
                5, "not-renewed",
                Label(
                    "Not renewed", fr: "Non renouvelé", es: "No renovado", ru: "Не продлено", ar: "لم يجدد",
                    zh: "未续签"),
                caution: 50),
        ], starts: ["not-due", "review", "proposed"], beginsByItself: true,
        steps: [
            "not-due": ["review"], "review": ["proposed"], "proposed": ["renewed", "not-renewed"],
            "renewed": ["not-due"], "not-renewed": [],
        ])

    /// From a proposal to what was reached.
    package static let objective = Workflow(
        [
            State(
                1, "proposed",
                Label("Proposed", fr: "Proposé", es: "Propuesto", ru: "Предложено", ar: "مقترح", zh: "已提议"), caution: 30
            ),
            State(
                2, "agreed",
                Label("Agreed", fr: "Convenu", es: "Acordado", ru: "Согласовано", ar: "متفق عليه", zh: "已商定"),
                caution: 20),
            State(
                3, "met", Label("Met", fr: "Atteint", es: "Alcanzado", ru: "Достигнуто", ar: "تم تحقيقه", zh: "已实现"),
                caution: 10),
            State(
                4, "dropped",
                Label("Dropped", fr: "Abandonné", es: "Abandonado", ru: "Снято", ar: "متخلى عنه", zh: "已放弃"),
                caution: 40),
        ],
        // Objectives that were agreed elsewhere are written down as they are.
        starts: ["proposed", "agreed"], beginsByItself: true,
        steps: [
            "proposed": ["agreed", "dropped"], "agreed": ["met", "dropped"], "met": [], "dropped": ["proposed"],
        ])
}
