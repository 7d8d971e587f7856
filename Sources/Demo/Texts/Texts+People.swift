/// What is written about people, and what they write of themselves.
extension Texts {
    static let people = """
        = contact.job
        en Head of institute
        fr Responsable de l’institut
        es Responsable del instituto
        ru Руководитель института
        ar إدارة المعهد
        zh 所长
        en Programme specialist
        fr Spécialiste de programme
        es Especialista de programas
        ru Специалист по программам
        ar شؤون البرامج
        zh 项目专员
        en Archivist
        fr Archiviste
        es Archivista
        ru Архивист
        ar شؤون الأرشيف
        zh 档案管理员
        en Head of communication
        fr Responsable de la communication
        es Responsable de comunicación
        ru Специалист по связям с общественностью
        ar شؤون الإعلام والاتصال
        zh 传播主管
        en Partnerships officer
        fr Responsable des partenariats
        es Responsable de alianzas
        ru Специалист по партнерствам
        ar شؤون الشراكات
        zh 合作主管
        en Training coordinator
        fr Responsable de la formation
        es Responsable de formación
        ru Координатор обучения
        ar تنسيق التدريب
        zh 培训协调员
        en Research fellow
        fr Responsable de recherche
        es Responsable de investigación
        ru Научный сотрудник
        ar شؤون البحوث
        zh 研究员
        en Editor
        fr Responsable de publication
        es Responsable de publicaciones
        ru Редактор
        ar شؤون النشر
        zh 编辑
        = contact.advisor
        en Field advisor
        fr Conseil de terrain
        es Asesoría de terreno
        ru Полевой советник
        ar المشورة الميدانية
        zh 驻地顾问
        = contact.availability
        en mornings
        fr le matin
        es por la mañana
        ru по утрам
        ar صباحا
        zh 上午
        en until the end of June
        fr jusqu’à la fin du mois de juin
        es hasta finales de junio
        ru до конца июня
        ar حتى نهاية شهر يونيو
        zh 六月底以前
        en one week a month
        fr une semaine par mois
        es una semana al mes
        ru одна неделя в месяц
        ar أسبوع واحد كل شهر
        zh 每月一周
        en by video only
        fr uniquement en visioconférence
        es solo por videollamada
        ru только по видеосвязи
        ar عبر الاتصال المرئي فقط
        zh 仅限视频
        = consent.scope
        en letters about the programmes of the network
        fr courriers sur les programmes du réseau
        es mensajes sobre los programas de la red
        ru письма о программах сети
        ar مراسلات عن برامج الشبكة
        zh 有关网络项目的通信
        en name on the public page
        fr nom sur la page publique
        es nombre en la página pública
        ru имя на общедоступной странице
        ar الاسم على الصفحة العامة
        zh 在公开页面上署名
        en newsletter only
        fr bulletin uniquement
        es solo el boletín
        ru только бюллетень
        ar النشرة فقط
        zh 仅限通讯
        = contact.note
        en Prefers a call to a letter; best on Tuesdays.
        fr Préfère un appel à un courrier ; plutôt le mardi.
        es Prefiere una llamada a una carta; mejor los martes.
        ru Предпочитает звонок письму; лучше по вторникам.
        ar يفضل الاتصال على الرسائل، ويوم الثلاثاء أنسب.
        zh 更愿意接电话，最好在星期二。
        en Asked at the forum for the handbook on paper.
        fr A demandé le manuel sur papier lors du forum.
        es En el foro pidió el manual en papel.
        ru На форуме просьба прислать пособие на бумаге.
        ar طلب في المنتدى نسخة ورقية من الدليل.
        zh 在论坛上索要纸质手册。
        en Knows the ministry well; could open doors for the archive project.
        fr Connaît bien le ministère ; pourrait ouvrir des portes au projet d’archives.
        es Conoce bien el ministerio; podría abrir puertas al proyecto de archivos.
        ru Хорошо знает министерство; может помочь архивному проекту.
        ar له معرفة جيدة بالوزارة، وقد يسهل مشروع الأرشيف.
        zh 熟悉主管部委，可为档案项目牵线。
        en Changed post in spring; the old address does not work any more.
        fr A changé de poste au printemps ; l’ancienne adresse ne fonctionne plus.
        es Cambió de puesto en primavera; la dirección anterior ya no funciona.
        ru Весной сменилось место работы; старый адрес не действует.
        ar تغير المنصب في الربيع، والعنوان القديم لم يعد صالحا.
        zh 春季已换岗，旧地址失效。
        en Speaks at conferences without a fee if the journey is paid.
        fr Intervient gratuitement si le voyage est pris en charge.
        es Interviene sin honorarios si se paga el viaje.
        ru Выступает на конференциях бесплатно, если оплачена дорога.
        ar يشارك متحدثا دون أجر إذا غطيت نفقات السفر.
        zh 只要承担差旅费，即可免费演讲。
        = engagement.terms
        en Five days on site and four remote; a report in both languages.
        fr Cinq jours sur place et quatre à distance ; un rapport dans les deux langues.
        es Cinco días sobre el terreno y cuatro a distancia; un informe en ambas lenguas.
        ru Пять дней на месте и четыре дистанционно; отчет на двух языках.
        ar خمسة أيام في الموقع وأربعة عن بعد، وتقرير باللغتين.
        zh 现场五天，远程四天，提交双语报告。
        en Advice by video, two hours a week, and one journey at the end.
        fr Conseil en visioconférence, deux heures par semaine, et un déplacement à la fin.
        es Asesoramiento por videollamada, dos horas por semana, y un viaje al final.
        ru Консультации по видеосвязи два часа в неделю и одна поездка в конце.
        ar مشورة عبر الاتصال المرئي ساعتين في الأسبوع، ورحلة واحدة في النهاية.
        zh 每周两小时视频咨询，结束时出差一次。
        en Preparation, one mission, and a follow-up after three months.
        fr Préparation, une mission et un suivi après trois mois.
        es Preparación, una misión y un seguimiento a los tres meses.
        ru Подготовка, одна командировка и повторная встреча через три месяца.
        ar تحضير وبعثة واحدة ومتابعة بعد ثلاثة أشهر.
        zh 前期准备、一次考察，三个月后回访。
        = engagement.outcome
        en The plan was adopted, and two trainers go on alone.
        fr Le plan a été adopté et deux formateurs poursuivent seuls.
        es El plan fue aprobado y dos formadores continúan por su cuenta.
        ru План принят, два инструктора продолжают самостоятельно.
        ar اعتمدت الخطة ويواصل مدربان العمل بمفردهما.
        zh 计划获得通过，两名培训师独立继续工作。
        en An inventory of {number} items, and a method that the staff use.
        fr Un inventaire de {number} documents et une méthode que le personnel applique.
        es Un inventario de {number} documentos y un método que el personal aplica.
        ru Опись из {number} единиц хранения и метод, которым пользуются сотрудники.
        ar جرد يضم {number} وثيقة، ومنهج يستخدمه الموظفون.
        zh 完成{number}件文献的清单，并形成员工采用的方法。
        en The mission was cut short by the weather; the rest was done by video.
        fr La mission a été écourtée par la météo ; le reste s’est fait à distance.
        es La misión se acortó por el mal tiempo; el resto se hizo a distancia.
        ru Командировка сокращена из-за погоды; остальное сделано дистанционно.
        ar اختصرت البعثة بسبب الطقس، وأنجز الباقي عن بعد.
        zh 考察因天气缩短，其余工作以视频方式完成。
        = introduction.rationale
        en Runs the largest private archive of the region and would open it to researchers.
        fr Gère les plus grandes archives privées de la région et les ouvrirait aux chercheurs.
        es Dirige el mayor archivo privado de la región y lo abriría a la investigación.
        ru Ведет крупнейший частный архив региона и готов открыть его для исследователей.
        ar لديه أكبر أرشيف خاص في المنطقة، ومستعد لفتحه أمام الباحثين.
        zh 管理本地区最大的私人档案馆，愿向研究人员开放。
        en Trains young reporters in four languages: a partner for the next forum.
        fr Forme de jeunes reporters en quatre langues : partenaire pour le prochain forum.
        es Forma a jóvenes reporteros en cuatro lenguas: un asociado para el próximo foro.
        ru Обучает молодых репортеров на четырех языках: партнер для следующего форума.
        ar يدرب صحفيين شبابا بأربع لغات: شريك للمنتدى المقبل.
        zh 用四种语言培训青年记者，可作为下届论坛的伙伴。
        en Advises the ministry on access to information and is listened to there.
        fr Conseille le ministère sur l’accès à l’information et y est écouté.
        es Asesora al ministerio sobre el acceso a la información y se le escucha.
        ru Консультирует министерство по вопросам доступа к информации, и к его мнению прислушиваются.
        ar يقدم المشورة للوزارة في مجال الانتفاع بالمعلومات، ورأيه مسموع.
        zh 为主管部委提供信息获取方面的咨询，意见受到重视。
        en Has equipment for digitisation that stands idle for half of the year.
        fr Dispose d’un équipement de numérisation inutilisé la moitié de l’année.
        es Tiene un equipo de digitalización sin uso la mitad del año.
        ru Имеет оборудование для оцифровки, которое полгода простаивает.
        ar لديه معدات رقمنة تبقى دون استخدام نصف السنة.
        zh 拥有数字化设备，半年处于闲置状态。
        """
}
