/// Words that several rows of the table share, so that each is translated once.
///
/// All labels are in sentence case. Arabic names of fields carry the article, and no label carries vowel marks. States
/// agree with what their kind is called; in Russian they are neuter, as the name of a state is.
extension Label {
    // MARK: What a record is

    static let tags = Label("Tags", fr: "Mots-clés", es: "Etiquetas", ru: "Метки", ar: "الوسوم", zh: "标签")
    static let mergedInto = Label(
        "Merged into", fr: "Fusionné avec", es: "Fusionado con", ru: "Объединено с записью", ar: "السجل المدمج فيه",
        zh: "已并入")
    static let name = Label("Name", fr: "Nom", es: "Nombre", ru: "Название", ar: "الاسم", zh: "名称")
    static let title = Label("Title", fr: "Titre", es: "Título", ru: "Название", ar: "العنوان", zh: "标题")
    static let type = Label("Type", fr: "Type", es: "Tipo", ru: "Тип", ar: "النوع", zh: "类型")
    static let number = Label("Number", fr: "Numéro", es: "Número", ru: "Номер", ar: "الرقم", zh: "编号")
    static let state = Label("State", fr: "État", es: "Estado", ru: "Состояние", ar: "الحالة", zh: "状态")
    static let status = Label("Status", fr: "Statut", es: "Situación", ru: "Статус", ar: "الوضع", zh: "资格状态")
    static let themes = Label("Themes", fr: "Thèmes", es: "Temas", ru: "Темы", ar: "المواضيع", zh: "主题")

    // MARK: Texts

    static let summary = Label(
        "Summary", fr: "Résumé", es: "Resumen", ru: "Краткое содержание", ar: "الملخص", zh: "摘要")
    static let description = Label(
        "Description", fr: "Description", es: "Descripción", ru: "Описание", ar: "الوصف", zh: "说明")
    static let text = Label("Text", fr: "Texte", es: "Texto", ru: "Текст", ar: "النص", zh: "正文")
    static let notes = Label("Notes", fr: "Notes", es: "Notas", ru: "Заметки", ar: "الملاحظات", zh: "备注")
    static let source = Label("Source", fr: "Source", es: "Fuente", ru: "Источник", ar: "المصدر", zh: "来源")
    static let webPage = Label(
        "Web page", fr: "Page web", es: "Página web", ru: "Веб-страница", ar: "صفحة الويب", zh: "网页")
    static let evidence = Label(
        "Evidence", fr: "Éléments probants", es: "Evidencias", ru: "Подтверждающие материалы", ar: "الأدلة", zh: "佐证材料"
    )

    // MARK: Where

    static let country = Label("Country", fr: "Pays", es: "País", ru: "Страна", ar: "البلد", zh: "国家")
    static let countries = Label("Countries", fr: "Pays", es: "Países", ru: "Страны", ar: "البلدان", zh: "国家")
    static let place = Label("Place", fr: "Lieu", es: "Lugar", ru: "Место", ar: "المكان", zh: "地点")
    static let language = Label("Language", fr: "Langue", es: "Idioma", ru: "Язык", ar: "اللغة", zh: "语言")
    static let spokenLanguages = Label("Languages", fr: "Langues", es: "Idiomas", ru: "Языки", ar: "اللغات", zh: "语言")

    // MARK: When

    static let date = Label("Date", fr: "Date", es: "Fecha", ru: "Дата", ar: "التاريخ", zh: "日期")
    static let dateAndTime = Label(
        "Date and time", fr: "Date et heure", es: "Fecha y hora", ru: "Дата и время", ar: "التاريخ والوقت", zh: "日期和时间")
    static let period = Label("Period", fr: "Période", es: "Período", ru: "Период", ar: "الفترة", zh: "期间")
    static let startDate = Label(
        "Start date", fr: "Date de début", es: "Fecha de inicio", ru: "Дата начала", ar: "تاريخ البدء", zh: "开始日期")
    static let endDate = Label(
        "End date", fr: "Date de fin", es: "Fecha de finalización", ru: "Дата окончания", ar: "تاريخ الانتهاء",
        zh: "结束日期")
    static let timeZone = Label(
        "Time zone", fr: "Fuseau horaire", es: "Huso horario", ru: "Часовой пояс", ar: "المنطقة الزمنية", zh: "时区")
    static let due = Label(
        "Due date", fr: "Échéance", es: "Fecha límite", ru: "Срок исполнения", ar: "الموعد النهائي", zh: "截止日期")
    static let validUntil = Label(
        "Valid until", fr: "Valable jusqu’au", es: "Válido hasta", ru: "Действует до", ar: "صالح حتى", zh: "有效期至")

    // MARK: Who

    static let organisation = Label(
        "Organisation", fr: "Organisation", es: "Organización", ru: "Организация", ar: "المنظمة", zh: "机构")
    static let organisations = Label(
        "Organisations", fr: "Organisations", es: "Organizaciones", ru: "Организации", ar: "المنظمات", zh: "机构")
    static let partners = Label(
        "Partners", fr: "Partenaires", es: "Asociados", ru: "Партнеры", ar: "الشركاء", zh: "合作伙伴")
    static let partner = Label("Partner", fr: "Partenaire", es: "Asociado", ru: "Партнер", ar: "شريك", zh: "合作伙伴")
    static let responsible = Label(
        "Responsible", fr: "Responsable", es: "Responsable", ru: "Ответственный", ar: "المسؤول", zh: "负责方")
    static let proposedBy = Label(
        "Proposed by", fr: "Proposé par", es: "Propuesto por", ru: "Кем предложено", ar: "الجهة صاحبة الاقتراح",
        zh: "提议方")
    static let role = Label("Role", fr: "Rôle", es: "Función", ru: "Роль", ar: "الدور", zh: "角色")
    static let emailAddress = Label(
        "E-mail address", fr: "Adresse électronique", es: "Dirección de correo electrónico",
        ru: "Адрес электронной почты", ar: "عنوان البريد الإلكتروني", zh: "电子邮件地址")

    // MARK: References

    static let contact = Label(
        "Contact", fr: "Contact", es: "Contacto", ru: "Контакт", ar: "جهة الاتصال", zh: "联系人")
    static let objectives = Label(
        "Objectives", fr: "Objectifs", es: "Objetivos", ru: "Цели", ar: "الأهداف", zh: "目标")
    static let meeting = Label(
        "Meeting", fr: "Réunion", es: "Reunión", ru: "Совещание", ar: "الاجتماع", zh: "会议")
    static let opportunity = Label(
        "Funding opportunity", fr: "Possibilité de financement", es: "Oportunidad de financiación",
        ru: "Возможность финансирования", ar: "فرصة التمويل", zh: "资助机会")

    // MARK: Money and rights

    static let amount = Label("Amount", fr: "Montant", es: "Importe", ru: "Сумма", ar: "المبلغ", zh: "金额")
    static let currency = Label("Currency", fr: "Monnaie", es: "Moneda", ru: "Валюта", ar: "العملة", zh: "货币")
    static let licence = Label("Licence", fr: "Licence", es: "Licencia", ru: "Лицензия", ar: "الترخيص", zh: "许可协议")
    static let consent = Label(
        "Consent", fr: "Consentement", es: "Consentimiento", ru: "Согласие", ar: "الموافقة", zh: "同意")
    static let publicFigure = Label(
        "Public figure", fr: "Personnalité publique", es: "Figura pública", ru: "Публичное лицо", ar: "شخصية عامة",
        zh: "公众人物")

    // MARK: Codes and states of several kinds

    static let other = Label("Other", fr: "Autre", es: "Otro", ru: "Другое", ar: "غير ذلك", zh: "其他")
    static let event = Label(
        "Event", fr: "Événement", es: "Evento", ru: "Публичное мероприятие", ar: "فعالية", zh: "公开活动")
    static let publication = Label(
        "Publication", fr: "Publication", es: "Publicación", ru: "Публикация", ar: "منشور", zh: "出版物")
    static let newsletter = Label(
        "Newsletter", fr: "Bulletin d’information", es: "Boletín informativo", ru: "Информационный бюллетень",
        ar: "نشرة إخبارية", zh: "新闻通讯")
    static let website = Label(
        "Website", fr: "Site web", es: "Sitio web", ru: "Веб-сайт", ar: "الموقع الإلكتروني", zh: "网站")
    static let print = Label(
        "Print", fr: "Imprimés", es: "Impresos", ru: "Печатные издания", ar: "المطبوعات", zh: "印刷品")
    static let socialMedia = Label(
        "Social media", fr: "Réseaux sociaux", es: "Redes sociales", ru: "Социальные сети",
        ar: "وسائل التواصل الاجتماعي", zh: "社交媒体")
    static let draft = Label("Draft", fr: "Brouillon", es: "Borrador", ru: "Черновик", ar: "مسودة", zh: "草稿")
}

extension ValueType {
    // MARK: References, by the numbers of the kinds: a kind that named another would wait for it, and it for this one

    static let organisation = id(kinds: [32])
    static let contact = id(kinds: [34])
    static let contactOrOrganisation = id(kinds: [34, 32])
    static let opportunity = id(kinds: [36])
    static let objective = id(kinds: [38])
    static let meeting = id(kinds: [42])
    static let photo = id(kinds: [50])
    static let anyRecord = id(kinds: [])

    // MARK: Groups of several kinds

    /// The greatest amount of money.
    private static let mostMoney: Int64 = 1_000_000_000_000

    /// An amount of money, none of it negative.
    static let amount = decimal(0...mostMoney)

    /// An amount and its currency; neither says anything alone.
    static let money = group(.init(moneyParts))

    /// The parts of `money`, for groups that say more.
    static let moneyParts: [Part] = [
        Part("value", .amount, amount, isRequired: true),
        Part("currency", .currency, form(.currency), isRequired: true),
    ]

    /// From one day to another, either of which may be open.
    static let dates = dates("from", "to")

    /// The same under other names.
    static func dates(_ first: String, _ last: String) -> ValueType {
        group(
            .init([Part(first, .startDate, .date), Part(last, .endDate, .date)], ascending: [first, last]))
    }

    /// Under what conditions others may use a work.
    static let licence = group(
        .init([
            Part("id", .licence, form(.concept), isRequired: true),
            Part(
                "credit",
                Label(
                    "Credit", fr: "Mention de la source", es: "Crédito", ru: "Указание авторства", ar: "نسب المصنف",
                    zh: "署名"),
                .line),
            Part(
                "holder",
                Label(
                    "Rights holder", fr: "Titulaire des droits", es: "Titular de los derechos", ru: "Правообладатель",
                    ar: "صاحب الحقوق", zh: "权利人"),
                .line),
        ]))
}
