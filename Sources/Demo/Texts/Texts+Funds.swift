/// Sources of funds, joint bids, and what else people note down.
extension Texts {
    static let funds = """
        = opportunity.title
        en {topic}: grants for small institutions
        fr {topic} : subventions pour les petites institutions
        es {topic}: subvenciones para instituciones pequeñas
        ru {topic}: гранты для небольших учреждений
        ar {topic}: منح للمؤسسات الصغيرة
        zh {topic}：小型机构资助
        en {topic}: call for joint projects
        fr {topic} : appel à projets communs
        es {topic}: convocatoria de proyectos conjuntos
        ru {topic}: конкурс совместных проектов
        ar {topic}: دعوة لتقديم مشاريع مشتركة
        zh {topic}：联合项目征集
        en {topic}: support for equipment and training
        fr {topic} : soutien à l’équipement et à la formation
        es {topic}: apoyo a equipos y formación
        ru {topic}: поддержка оснащения и обучения
        ar {topic}: دعم التجهيز والتدريب
        zh {topic}：设备与培训支持
        en {topic}: fellowships in the region
        fr {topic} : bourses dans la région
        es {topic}: becas en la región
        ru {topic}: стипендии в регионе
        ar {topic}: منح دراسية في المنطقة
        zh {topic}：地区奖学金
        = opportunity.summary
        en Consortia of public and non-profit institutions may apply; one of them leads.
        fr Les consortiums d’institutions publiques ou à but non lucratif peuvent postuler ; l’une d’elles pilote.
        es Pueden presentarse consorcios de instituciones públicas o sin fines de lucro; una de ellas lidera.
        ru Участвовать могут консорциумы государственных и некоммерческих учреждений; одно из них ведущее.
        ar يجوز التقدم لتجمعات المؤسسات العامة وغير الربحية، على أن تقودها إحداها.
        zh 公共或非营利机构可组成联合体申请，由其中一家牵头。
        en A short concept note first; the full proposal is by invitation.
        fr D’abord une note succincte ; la proposition complète se fait sur invitation.
        es Primero una nota breve; la propuesta completa es por invitación.
        ru Сначала краткая концепция; полная заявка по приглашению.
        ar مذكرة قصيرة أولا، ثم المقترح الكامل بناء على دعوة.
        zh 先提交概念简介，获邀后再提交完整申请。
        = interest.brings
        en Two trainers, a studio, and contacts to forty stations
        fr Deux formateurs, un studio et des contacts avec quarante stations
        es Dos formadores, un estudio y contactos con cuarenta emisoras
        ru Два инструктора, студия и связи с сорока станциями
        ar مدربان واستوديو وعلاقات مع أربعين محطة
        zh 两名培训师、一间录音室和四十家电台的联系
        en Digitisation equipment and staff who know it
        fr Un équipement de numérisation et du personnel qui le maîtrise
        es Equipo de digitalización y personal que lo conoce
        ru Оборудование для оцифровки и обученный персонал
        ar معدات رقمنة وموظفون يجيدون استخدامها
        zh 数字化设备和熟练人员
        en Experience with the funder, and an audited account
        fr L’expérience du bailleur et des comptes vérifiés
        es Experiencia con la entidad financiadora y cuentas auditadas
        ru Опыт работы с этим фондом и проверенная отчетность
        ar خبرة مع الجهة الممولة وحسابات مدققة
        zh 与该资助方合作的经验和经审计的账目
        = bid.title
        en {topic}: joint bid of the partners
        fr {topic} : candidature commune des partenaires
        es {topic}: propuesta conjunta de los asociados
        ru {topic}: совместная заявка партнеров
        ar {topic}: عرض مشترك للشركاء
        zh {topic}：伙伴联合申请
        = bid.section
        en Context and need
        fr Contexte et besoins
        es Contexto y necesidades
        ru Контекст и потребности
        ar السياق والاحتياجات
        zh 背景与需求
        en Work plan
        fr Plan de travail
        es Plan de trabajo
        ru План работы
        ar خطة العمل
        zh 工作计划
        en Budget
        fr Budget
        es Presupuesto
        ru Бюджет
        ar الميزانية
        zh 预算
        = bid.sectiontext
        en The partners have worked together for two years and know where help is needed most.
        fr Les partenaires travaillent ensemble depuis deux ans et connaissent les besoins les plus urgents.
        es Los asociados llevan dos años trabajando juntos y conocen las necesidades más urgentes.
        ru Партнеры работают вместе два года и знают, где помощь нужнее всего.
        ar يعمل الشركاء معا منذ سنتين ويعرفون أين تشتد الحاجة.
        zh 各伙伴已合作两年，了解最迫切的需求。
        = bid.checklist
        en signed letters of the partners
        fr lettres signées des partenaires
        es cartas firmadas de los asociados
        ru подписанные письма партнеров
        ar رسائل موقعة من الشركاء
        zh 伙伴签署的信函
        en budget in the form of the funder
        fr budget au format du bailleur
        es presupuesto en el formato de la entidad financiadora
        ru бюджет по форме фонда
        ar ميزانية وفق نموذج الجهة الممولة
        zh 按资助方格式编制的预算
        en statutes and last audit
        fr statuts et dernier audit
        es estatutos y última auditoría
        ru устав и последний аудит
        ar النظام الأساسي وآخر تدقيق
        zh 章程和最近一次审计
        = bid.role
        en coordination
        fr coordination
        es coordinación
        ru координация
        ar التنسيق
        zh 协调
        en training
        fr formation
        es formación
        ru обучение
        ar التدريب
        zh 培训
        en archives and technology
        fr archives et technique
        es archivos y técnica
        ru архивы и техника
        ar الأرشيف والتقنية
        zh 档案与技术
        = support.text
        en Letter of support for the bid
        fr Lettre de soutien à la candidature
        es Carta de apoyo a la propuesta
        ru Письмо в поддержку заявки
        ar رسالة دعم للعرض
        zh 申请支持信
        en Endorsement by the national commission
        fr Aval de la commission nationale
        es Aval de la comisión nacional
        ru Поддержка национальной комиссии
        ar تأييد من اللجنة الوطنية
        zh 国家委员会的认可
        en Meeting room and interpreters
        fr Salle de réunion et interprètes
        es Sala de reuniones e intérpretes
        ru Зал заседаний и переводчики
        ar قاعة اجتماعات ومترجمون فوريون
        zh 会议室和口译人员
        en An introduction to the funder
        fr Une mise en relation avec le bailleur
        es Presentación a la entidad financiadora
        ru Знакомство с представителями фонда
        ar تعريف بالجهة الممولة
        zh 引荐资助方
        = view.contact
        en People in our country
        fr Personnes de notre pays
        es Personas de nuestro país
        ru Люди в нашей стране
        ar أشخاص في بلدنا
        zh 本国人员
        = view.action
        en Open actions
        fr Actions en cours
        es Acciones pendientes
        ru Невыполненные действия
        ar إجراءات لم تنجز
        zh 待办事项
        = view.contribution
        en Contributions to approve
        fr Contributions à approuver
        es Contribuciones por aprobar
        ru Материалы на утверждение
        ar مساهمات في انتظار الموافقة
        zh 待审批的投稿
        = view.opportunity
        en Open calls
        fr Appels ouverts
        es Convocatorias abiertas
        ru Открытые конкурсы
        ar دعوات مفتوحة
        zh 开放的征集
        """
}
