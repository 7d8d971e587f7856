import Records

/// What the meeting pack says beside the labels of the table of kinds.
enum Heading {
    static let pack = Label(
        "Meeting pack", fr: "Dossier de réunion", es: "Carpeta de la reunión", ru: "Материалы совещания",
        ar: "ملف الاجتماع", zh: "会议资料")
    static let contents = Label(
        "Contents", fr: "Sommaire", es: "Índice", ru: "Содержание", ar: "المحتويات", zh: "目录")
    static let nothing = Label(
        "Nothing to report", fr: "Rien à signaler", es: "Nada que señalar", ru: "Нет данных", ar: "لا شيء للإبلاغ عنه",
        zh: "无")

    // MARK: Sections

    static let agenda = Label(
        "Agenda", fr: "Ordre du jour", es: "Orden del día", ru: "Повестка дня", ar: "جدول الأعمال", zh: "议程")
    static let participants = Label(
        "Participants", fr: "Participants", es: "Participantes", ru: "Участники", ar: "المشاركون", zh: "与会者")
    static let organisations = Label(
        "Overview by organisation", fr: "Vue d’ensemble par organisation", es: "Resumen por organización",
        ru: "Обзор по организациям", ar: "نظرة عامة حسب المنظمة", zh: "各机构概况")
    static let objectives = Label(
        "Overview by objective", fr: "Vue d’ensemble par objectif", es: "Resumen por objetivo",
        ru: "Обзор по целям", ar: "نظرة عامة حسب الهدف", zh: "各目标概况")
    static let activities = Label(
        "Activities", fr: "Activités", es: "Actividades", ru: "Мероприятия", ar: "الأنشطة", zh: "活动")
    static let planning = Label(
        "Planning for the next period", fr: "Planification de la prochaine période",
        es: "Planificación del próximo período", ru: "Планы на следующий период", ar: "التخطيط للفترة المقبلة",
        zh: "下一时期计划")
    static let contributions = Label(
        "Contributions", fr: "Contributions", es: "Contribuciones", ru: "Материалы", ar: "المساهمات", zh: "供稿")
    static let pickups = Label(
        "Content of the Sector that was relayed", fr: "Contenus du Secteur repris",
        es: "Contenidos del Sector republicados", ru: "Перепечатка материалов Сектора", ar: "مواد القطاع المعاد نشرها",
        zh: "部门内容转载")
    static let interactions = Label(
        "Interactions", fr: "Échanges", es: "Interacciones", ru: "Взаимодействие", ar: "التواصل", zh: "往来")
    static let engagements = Label(
        "Advisor engagements", fr: "Missions de conseil", es: "Misiones de asesoramiento",
        ru: "Привлечение советников", ar: "المهام الاستشارية", zh: "顾问服务")
    static let introductions = Label(
        "Introductions", fr: "Mises en relation", es: "Presentaciones", ru: "Рекомендации", ar: "التزكيات", zh: "引荐")
    static let bids = Label(
        "Joint bids", fr: "Candidatures communes", es: "Propuestas conjuntas", ru: "Совместные заявки",
        ar: "طلبات التمويل المشتركة", zh: "联合申请")
    static let actions = Label(
        "Open actions", fr: "Mesures en cours", es: "Medidas pendientes", ru: "Невыполненные поручения",
        ar: "الإجراءات غير المنجزة", zh: "未完成的行动事项")
    static let decisions = Label(
        "Decisions", fr: "Décisions", es: "Decisiones", ru: "Решения", ar: "المقررات", zh: "决定")
    static let agreements = Label(
        "Agreements that expire within 18 months", fr: "Accords expirant dans les 18 mois",
        es: "Acuerdos que vencen en los próximos 18 meses", ru: "Соглашения, истекающие в течение 18 месяцев",
        ar: "اتفاقات تنتهي خلال 18 شهراً", zh: "18个月内到期的协定")
    static let freshness = Label(
        "How fresh the data are", fr: "Fraîcheur des données", es: "Actualidad de los datos",
        ru: "Актуальность данных", ar: "حداثة البيانات", zh: "数据时效")
    static let provenance = Label(
        "What this pack was made from", fr: "Ce dont ce dossier est tiré", es: "De qué se hizo esta carpeta",
        ru: "На чем основаны эти материалы", ar: "مصدر هذا الملف", zh: "本资料的依据")

    // MARK: Columns

    static let id = Label("Id", fr: "Id", es: "Id", ru: "Ид.", ar: "المعرّف", zh: "标识")
    static let number = Label("No.", fr: "Nº", es: "N.º", ru: "№", ar: "الرقم", zh: "序号")
    static let total = Label("Total", fr: "Total", es: "Total", ru: "Всего", ar: "المجموع", zh: "合计")
    static let last = Label("Last", fr: "Dernier", es: "Última", ru: "Последний", ar: "الأخير", zh: "最近一次")
    static let lastHeard = Label(
        "Last heard", fr: "Dernières nouvelles", es: "Últimas noticias", ru: "Последние сведения", ar: "آخر ما ورد",
        zh: "最近消息")
    static let daysAgo = Label(
        "Days ago", fr: "Il y a (jours)", es: "Hace (días)", ru: "Дней назад", ar: "منذ (أيام)", zh: "距今天数")
    static let daysLeft = Label(
        "Days left", fr: "Jours restants", es: "Días restantes", ru: "Осталось дней", ar: "الأيام المتبقية",
        zh: "剩余天数")
    static let stale = Label(
        "To be refreshed", fr: "À actualiser", es: "Por actualizar", ru: "Нужно обновить", ar: "بحاجة إلى تحديث",
        zh: "待更新")
    static let overdue = Label("Overdue", fr: "En retard", es: "Vencida", ru: "Просрочено", ar: "متأخر", zh: "逾期")

    // MARK: Values

    static let yes = Label("yes", fr: "oui", es: "sí", ru: "да", ar: "نعم", zh: "是")
    static let no = Label("no", fr: "non", es: "no", ru: "нет", ar: "لا", zh: "否")

    // MARK: Beginning and end

    static let since = Label("Since", fr: "Depuis le", es: "Desde", ru: "Начиная с", ar: "منذ", zh: "自")
    static let at = Label(
        "As of", fr: "À la date du", es: "A fecha de", ru: "По состоянию на", ar: "حتى تاريخ", zh: "截至")
    static let frontier = Label("Frontier", fr: "Frontière", es: "Frontera", ru: "Граница", ar: "الحدّ", zh: "边界")
    static let state = Label("State", fr: "État", es: "Estado", ru: "Состояние", ar: "الحالة", zh: "状态")
    static let ruleSet = Label(
        "Rule set", fr: "Jeu de règles", es: "Conjunto de reglas", ru: "Набор правил", ar: "مجموعة القواعد",
        zh: "规则集")
    static let version = Label("Version", fr: "Version", es: "Versión", ru: "Версия", ar: "الإصدار", zh: "版本")
    static let language = Label("Language", fr: "Langue", es: "Idioma", ru: "Язык", ar: "اللغة", zh: "语言")
}
