/// The topics of the network, the aims that are worked towards, and what organisations say of themselves.
extension Texts {
    static let topics = """
        = topic.media
        en Media
        fr Médias
        es Medios de comunicación
        ru Средства массовой информации
        ar وسائل الإعلام
        zh 媒体
        = topic.information
        en Information and knowledge
        fr Information et savoirs
        es Información y conocimiento
        ru Информация и знания
        ar المعلومات والمعرفة
        zh 信息与知识
        = topic.documentary-heritage
        en Documentary heritage
        fr Patrimoine documentaire
        es Patrimonio documental
        ru Документальное наследие
        ar التراث الوثائقي
        zh 文献遗产
        = topic.digital
        en Digital transformation
        fr Transformation numérique
        es Transformación digital
        ru Цифровая трансформация
        ar التحول الرقمي
        zh 数字化转型
        = topic.community-media
        en Community media
        fr Médias communautaires
        es Medios comunitarios
        ru Общинные СМИ
        ar الإعلام المجتمعي
        zh 社区媒体
        = topic.safety-of-journalists
        en Safety of journalists
        fr Sécurité des journalistes
        es Seguridad de los periodistas
        ru Безопасность журналистов
        ar سلامة الصحفيين
        zh 记者安全
        = topic.journalism-education
        en Journalism education
        fr Formation au journalisme
        es Enseñanza del periodismo
        ru Журналистское образование
        ar تعليم الصحافة
        zh 新闻教育
        = topic.radio
        en Radio
        fr Radio
        es Radio
        ru Радио
        ar الإذاعة
        zh 广播
        = topic.gender-in-media
        en Gender equality in the media
        fr Égalité des genres dans les médias
        es Igualdad de género en los medios
        ru Гендерное равенство в СМИ
        ar المساواة بين الجنسين في وسائل الإعلام
        zh 媒体中的性别平等
        = topic.freedom-of-expression
        en Freedom of expression
        fr Liberté d’expression
        es Libertad de expresión
        ru Свобода выражения мнений
        ar حرية التعبير
        zh 表达自由
        = topic.climate-reporting
        en Climate reporting
        fr Information sur le climat
        es Información sobre el clima
        ru Освещение вопросов климата
        ar التغطية الصحفية لقضايا المناخ
        zh 气候报道
        = topic.access-to-information
        en Access to information
        fr Accès à l’information
        es Acceso a la información
        ru Доступ к информации
        ar الانتفاع بالمعلومات
        zh 信息获取
        = topic.media-literacy
        en Media and information literacy
        fr Éducation aux médias et à l’information
        es Alfabetización mediática e informacional
        ru Медийно-информационная грамотность
        ar الدراية الإعلامية والمعلوماتية
        zh 媒体与信息素养
        = topic.libraries
        en Public libraries
        fr Bibliothèques publiques
        es Bibliotecas públicas
        ru Публичные библиотеки
        ar المكتبات العامة
        zh 公共图书馆
        = topic.open-science
        en Open science
        fr Science ouverte
        es Ciencia abierta
        ru Открытая наука
        ar العلم المفتوح
        zh 开放科学
        = topic.open-educational-resources
        en Open educational resources
        fr Ressources éducatives libres
        es Recursos educativos abiertos
        ru Открытые образовательные ресурсы
        ar الموارد التعليمية المفتوحة
        zh 开放教育资源
        = topic.information-accessibility
        en Accessibility of information
        fr Accessibilité de l’information
        es Accesibilidad de la información
        ru Доступность информации для лиц с инвалидностью
        ar إتاحة المعلومات للأشخاص ذوي الإعاقة
        zh 信息无障碍
        = topic.digital-archives
        en Digital archives
        fr Archives numériques
        es Archivos digitales
        ru Цифровые архивы
        ar الأرشيفات الرقمية
        zh 数字档案
        = topic.oral-history
        en Oral history
        fr Histoire orale
        es Historia oral
        ru Устная история
        ar التاريخ الشفوي
        zh 口述历史
        = topic.sound-archives
        en Sound archives
        fr Archives sonores
        es Archivos sonoros
        ru Звуковые архивы
        ar الأرشيفات الصوتية
        zh 声音档案
        = topic.indigenous-languages
        en Indigenous languages
        fr Langues autochtones
        es Lenguas indígenas
        ru Языки коренных народов
        ar لغات الشعوب الأصلية
        zh 土著语言
        = topic.digital-skills
        en Digital skills
        fr Compétences numériques
        es Competencias digitales
        ru Цифровые навыки
        ar المهارات الرقمية
        zh 数字技能
        = topic.ethics-of-ai
        en Ethics of artificial intelligence
        fr Éthique de l’intelligence artificielle
        es Ética de la inteligencia artificial
        ru Этика искусственного интеллекта
        ar أخلاقيات الذكاء الاصطناعي
        zh 人工智能伦理
        = topic.multilingualism
        en Multilingualism online
        fr Multilinguisme en ligne
        es Multilingüismo en línea
        ru Многоязычие в интернете
        ar التعدد اللغوي على الإنترنت
        zh 网络多语言
        """

    static let network = """
        = note.demonstration
        en Demonstration data: this network, its people, organisations, addresses and figures are fictional.
        fr Données de démonstration : ce réseau, ses personnes, organisations, adresses et chiffres sont fictifs.
        es Datos de demostración: esta red, sus personas, organizaciones, direcciones y cifras son ficticias.
        ru Демонстрационные данные: эта сеть, ее участники, организации, адреса и цифры вымышлены.
        ar بيانات توضيحية: هذه الشبكة وأشخاصها ومنظماتها وعناوينها وأرقامها كلها خيالية.
        zh 演示数据：本网络及其人员、机构、地址和数字均为虚构。
        = organisation.sector
        en Communication and Information Sector
        fr Secteur de la communication et de l’information
        es Sector de Comunicación e Información
        ru Сектор коммуникации и информации
        ar قطاع الاتصال والمعلومات
        zh 传播与信息部门
        = organisation.about
        en Training, research and advice for the region. Main theme: {topic}.
        fr Formation, recherche et conseil pour la région. Thème principal : {topic}.
        es Formación, investigación y asesoramiento para la región. Tema principal: {topic}.
        ru Обучение, исследования и консультации для региона. Основная тема: {topic}.
        ar تدريب وبحوث واستشارات في خدمة المنطقة. الموضوع الرئيسي: {topic}.
        zh 为本地区提供培训、研究和咨询。主要领域：{topic}。
        en A small team with many partners, open to whoever wants to learn. Main theme: {topic}.
        fr Une petite équipe et de nombreux partenaires, ouverte à qui veut apprendre. Thème principal : {topic}.
        es Un equipo pequeño con muchos asociados, abierto a quien quiera aprender. Tema principal: {topic}.
        ru Небольшой коллектив со множеством партнеров, открытый всем, кто хочет учиться. Основная тема: {topic}.
        ar فريق صغير له شركاء كثيرون، ومفتوح لكل من يرغب في التعلم. الموضوع الرئيسي: {topic}.
        zh 团队虽小，伙伴众多，向所有愿意学习的人开放。主要领域：{topic}。
        = organisation.institute
        en {topic}: institute in {place}
        fr {topic} : institut de {place}
        es {topic}: instituto de {place}
        ru {topic}: институт ({place})
        ar {topic}: معهد {place}
        zh {topic}：{place}研究所
        = objective.title
        en {topic}: wider access for rural communities
        fr {topic} : un accès élargi pour les communautés rurales
        es {topic}: mayor acceso para las comunidades rurales
        ru {topic}: более широкий доступ для сельских общин
        ar {topic}: انتفاع أوسع للمجتمعات الريفية
        zh {topic}：扩大农村社区的参与
        en {topic}: trained trainers in every region
        fr {topic} : des formateurs qualifiés dans chaque région
        es {topic}: formadores capacitados en cada región
        ru {topic}: подготовленные инструкторы в каждом регионе
        ar {topic}: مدربون مؤهلون في كل منطقة
        zh {topic}：各地区都有合格的培训师
        en {topic}: national policies adopted
        fr {topic} : des politiques nationales adoptées
        es {topic}: políticas nacionales aprobadas
        ru {topic}: принятие национальных стратегий
        ar {topic}: اعتماد سياسات وطنية
        zh {topic}：通过国家政策
        en {topic}: collections preserved and shared
        fr {topic} : des collections préservées et partagées
        es {topic}: colecciones preservadas y compartidas
        ru {topic}: сохранение коллекций и обмен ими
        ar {topic}: مجموعات محفوظة ومتاحة للجميع
        zh {topic}：馆藏的保存与共享
        en {topic}: more content in local languages
        fr {topic} : davantage de contenus en langues locales
        es {topic}: más contenidos en lenguas locales
        ru {topic}: больше материалов на местных языках
        ar {topic}: مزيد من المحتوى باللغات المحلية
        zh {topic}：增加本地语言内容
        en {topic}: a lasting network of practitioners
        fr {topic} : un réseau durable de praticiens
        es {topic}: una red duradera de profesionales
        ru {topic}: устойчивая сеть специалистов-практиков
        ar {topic}: شبكة دائمة من الممارسين
        zh {topic}：持久的从业者网络
        = objective.description
        en The objective is reached together: institutes work in their countries, the Sector brings them together.
        fr L’objectif est commun : les instituts agissent dans leurs pays, le Secteur les réunit.
        es El objetivo es común: los institutos trabajan en sus países y el Sector los reúne.
        ru Цель достигается совместно: институты работают в своих странах, Сектор их объединяет.
        ar الهدف مشترك: تعمل المعاهد في بلدانها ويجمعها القطاع.
        zh 目标由各方共同实现：研究所在本国开展工作，部门负责协调。
        en Progress is measured once a year and reported at the annual review meeting.
        fr Les progrès sont mesurés une fois par an et présentés à la réunion annuelle d’examen.
        es Los avances se miden una vez al año y se presentan en la reunión anual de examen.
        ru Результаты оцениваются раз в год и представляются на ежегодном обзорном совещании.
        ar يقاس التقدم مرة في السنة ويعرض في اجتماع الاستعراض السنوي.
        zh 每年评估一次进展，并在年度审查会议上汇报。
        = objective.indicator
        en people reached
        fr personnes touchées
        es personas alcanzadas
        ru число охваченных людей
        ar عدد المستفيدين
        zh 受益人数
        en countries with a plan
        fr pays dotés d’un plan
        es países con un plan
        ru страны, принявшие план
        ar بلدان لديها خطة
        zh 制定计划的国家数
        en items made accessible
        fr documents rendus accessibles
        es documentos puestos a disposición
        ru документы, открытые для доступа
        ar وثائق أتيحت للجمهور
        zh 已开放的文献数
        """
}
