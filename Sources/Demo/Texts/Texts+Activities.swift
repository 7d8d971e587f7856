/// What institutes do, and what people say to each other.
extension Texts {
    static let activities = """
        = activity.training
        en {topic}: training course in {place}
        fr {topic} : formation à {place}
        es {topic}: curso de formación en {place}
        ru {topic}: учебный курс ({place})
        ar {topic}: دورة تدريبية في {place}
        zh {topic}：{place}培训班
        en {topic}: training of trainers
        fr {topic} : formation de formateurs
        es {topic}: formación de formadores
        ru {topic}: подготовка инструкторов
        ar {topic}: تدريب المدربين
        zh {topic}：师资培训
        = activity.research
        en {topic}: a study of twelve communities
        fr {topic} : étude dans douze communautés
        es {topic}: estudio en doce comunidades
        ru {topic}: исследование в двенадцати общинах
        ar {topic}: دراسة في اثني عشر مجتمعا محليا
        zh {topic}：十二个社区的调查
        en {topic}: survey of practice
        fr {topic} : enquête sur les pratiques
        es {topic}: encuesta sobre las prácticas
        ru {topic}: обзор практики
        ar {topic}: مسح للممارسات
        zh {topic}：实践调查
        = activity.policy
        en {topic}: advice on a national strategy
        fr {topic} : appui à une stratégie nationale
        es {topic}: asesoramiento para una estrategia nacional
        ru {topic}: консультации по национальной стратегии
        ar {topic}: دعم إعداد استراتيجية وطنية
        zh {topic}：国家战略咨询
        en {topic}: guidelines for public bodies
        fr {topic} : lignes directrices pour les organismes publics
        es {topic}: directrices para organismos públicos
        ru {topic}: рекомендации для государственных органов
        ar {topic}: مبادئ توجيهية للجهات العامة
        zh {topic}：公共机构指南
        = activity.publication
        en {topic}: a practical handbook
        fr {topic} : manuel pratique
        es {topic}: manual práctico
        ru {topic}: практическое пособие
        ar {topic}: دليل عملي
        zh {topic}：实用手册
        en {topic}: collection of case studies
        fr {topic} : recueil d’études de cas
        es {topic}: colección de estudios de caso
        ru {topic}: сборник примеров из практики
        ar {topic}: مجموعة دراسات حالة
        zh {topic}：案例集
        = activity.event
        en {topic}: regional forum in {place}
        fr {topic} : forum régional à {place}
        es {topic}: foro regional en {place}
        ru {topic}: региональный форум ({place})
        ar {topic}: منتدى إقليمي في {place}
        zh {topic}：{place}区域论坛
        en {topic}: open week
        fr {topic} : semaine portes ouvertes
        es {topic}: semana de puertas abiertas
        ru {topic}: неделя открытых дверей
        ar {topic}: أسبوع الأبواب المفتوحة
        zh {topic}：开放周
        = activity.project
        en {topic}: pilot project with five partners
        fr {topic} : projet pilote avec cinq partenaires
        es {topic}: proyecto piloto con cinco asociados
        ru {topic}: пилотный проект с пятью партнерами
        ar {topic}: مشروع تجريبي مع خمسة شركاء
        zh {topic}：与五个伙伴的试点项目
        en {topic}: a shared platform
        fr {topic} : plateforme commune
        es {topic}: plataforma compartida
        ru {topic}: общая платформа
        ar {topic}: منصة مشتركة
        zh {topic}：共享平台
        = activity.summary
        en Participants from {place} and neighbouring countries work on real cases and take the material home.
        fr Des participants de {place} et des pays voisins travaillent sur des cas réels et repartent avec les supports.
        es Participantes de {place} y de países vecinos trabajan con casos reales y se llevan los materiales.
        ru Участники из соседних стран работают с реальными примерами и увозят материалы с собой.
        ar يعمل المشاركون من {place} والبلدان المجاورة على حالات واقعية ويعودون بالمواد.
        zh 来自{place}及邻国的学员围绕真实案例学习，并带走教材。
        en The work answers a request of the partners and leaves them with methods that they can use alone.
        fr Ce travail répond à une demande des partenaires et leur laisse des méthodes utilisables sans aide.
        es El trabajo responde a una solicitud de los asociados y les deja métodos que pueden aplicar solos.
        ru Работа ведется по просьбе партнеров и оставляет им методы для самостоятельного применения.
        ar يستجيب هذا العمل لطلب الشركاء ويترك لهم أساليب يمكنهم تطبيقها بمفردهم.
        zh 此项工作应伙伴的要求开展，使其掌握可独立运用的方法。
        en The first phase collects what exists, the second tests it with users, the third makes the results public.
        fr La première phase recense l’existant, la deuxième l’éprouve avec le public, la troisième le publie.
        es La primera fase reúne lo que existe, la segunda lo prueba con el público y la tercera lo publica.
        ru На первом этапе собирают имеющееся, на втором проверяют с пользователями, на третьем публикуют.
        ar تجمع المرحلة الأولى ما هو متوفر، وتختبره الثانية مع المستخدمين، وتنشر الثالثة النتائج.
        zh 第一阶段收集现有资料，第二阶段与用户一起试用，第三阶段公布成果。
        = activity.results
        en {number} people took part, and nine out of ten say that they use what they learned.
        fr {number} personnes ont participé, et neuf sur dix disent utiliser ce qu’elles ont appris.
        es Participaron {number} personas, y nueve de cada diez dicen usar lo aprendido.
        ru Участвовали {number} человек, и девять из десяти применяют полученные знания.
        ar شارك {number} شخصا، ويقول تسعة من كل عشرة إنهم يستخدمون ما تعلموه.
        zh 共有{number}人参加，九成学员表示正在运用所学内容。
        en The material exists in two languages, and three partners want to adapt it.
        fr Les supports existent en deux langues, et trois partenaires souhaitent les adapter.
        es Los materiales existen en dos lenguas, y tres asociados quieren adaptarlos.
        ru Материалы подготовлены на двух языках, и три партнера хотят их адаптировать.
        ar المواد متوفرة بلغتين، ويرغب ثلاثة شركاء في تكييفها.
        zh 教材有两种语言版本，三个伙伴希望改编使用。
        = interaction.subject
        en Planning of the next joint activity
        fr Préparation de la prochaine activité commune
        es Planificación de la próxima actividad conjunta
        ru Планирование следующего совместного мероприятия
        ar التخطيط للنشاط المشترك المقبل
        zh 筹划下一次联合活动
        en Preparation of the annual review meeting
        fr Préparation de la réunion annuelle d’examen
        es Preparación de la reunión anual de examen
        ru Подготовка ежегодного обзорного совещания
        ar التحضير لاجتماع الاستعراض السنوي
        zh 筹备年度审查会议
        en Call for proposals: who takes part
        fr Appel à propositions : qui participe
        es Convocatoria de propuestas: quién participa
        ru Конкурс заявок: кто участвует
        ar الدعوة إلى تقديم المقترحات: من يشارك
        zh 项目征集：参与方
        en Draft of the newsletter
        fr Projet de bulletin
        es Borrador del boletín
        ru Проект бюллетеня
        ar مسودة النشرة
        zh 通讯草稿
        en First conversation with the new partner
        fr Premier entretien avec le nouveau partenaire
        es Primera conversación con el nuevo asociado
        ru Первая беседа с новым партнером
        ar لقاء أول مع الشريك الجديد
        zh 与新伙伴的首次会谈
        en Visit to the archives
        fr Visite des archives
        es Visita a los archivos
        ru Посещение архива
        ar زيارة الأرشيف
        zh 参观档案馆
        en Translation of the guidelines
        fr Traduction des lignes directrices
        es Traducción de las directrices
        ru Перевод рекомендаций
        ar ترجمة المبادئ التوجيهية
        zh 指南的翻译
        en {topic}: exchange of experience
        fr {topic} : partage d’expériences
        es {topic}: intercambio de experiencias
        ru {topic}: обмен опытом
        ar {topic}: تبادل الخبرات
        zh {topic}：经验交流
        = interaction.note
        en They send the list of participants next week.
        fr La liste des participants sera envoyée la semaine prochaine.
        es Enviarán la lista de participantes la próxima semana.
        ru Список участников пришлют на следующей неделе.
        ar سترسل قائمة المشاركين الأسبوع المقبل.
        zh 下周发送参加者名单。
        en A good conversation; the budget is still open.
        fr Bon échange ; le budget reste à définir.
        es Buena conversación; el presupuesto sigue pendiente.
        ru Хороший разговор; бюджет пока не определен.
        ar حوار جيد، والميزانية لم تحسم بعد.
        zh 会谈良好，预算尚未确定。
        en They ask for the material in their own language.
        fr Les supports sont demandés dans la langue locale.
        es Piden los materiales en su propia lengua.
        ru Просят материалы на своем языке.
        ar يطلبون المواد بلغتهم.
        zh 对方希望获得本国语言的教材。
        en The connection was bad; the rest follows in writing.
        fr La liaison était mauvaise ; la suite par écrit.
        es La conexión era mala; el resto irá por escrito.
        ru Связь была плохой; остальное письменно.
        ar كان الاتصال سيئا، والبقية كتابة.
        zh 通话信号不佳，其余内容书面沟通。
        = comment.text
        en Thank you, this helps us a lot.
        fr Merci, cela nous aide beaucoup.
        es Gracias, nos ayuda mucho.
        ru Спасибо, это нам очень помогает.
        ar شكرا، هذا يساعدنا كثيرا.
        zh 谢谢，这对我们很有帮助。
        en Could the date move by a week? Two of us are at another meeting.
        fr La date pourrait-elle être décalée d’une semaine ? Deux d’entre nous sont à une autre réunion.
        es ¿Podría moverse la fecha una semana? Dos de nosotros están en otra reunión.
        ru Можно ли перенести дату на неделю? Двое из нас на другом совещании.
        ar هل يمكن تأجيل الموعد أسبوعا؟ اثنان منا في اجتماع آخر.
        zh 日期能否推迟一周？我们有两位同事要参加另一场会议。
        en We would like to join with two people.
        fr Nous souhaitons participer à deux.
        es Nos gustaría participar con dos personas.
        ru Мы хотели бы участвовать вдвоем.
        ar نود المشاركة بشخصين.
        zh 我们想派两人参加。
        en The figures differ from those in the report: which are right?
        fr Les chiffres diffèrent de ceux du rapport : lesquels sont exacts ?
        es Las cifras difieren de las del informe: ¿cuáles son correctas?
        ru Цифры отличаются от тех, что в отчете: какие верны?
        ar تختلف الأرقام عن تلك الواردة في التقرير: أيها الصحيح؟
        zh 数据与报告不一致，以哪个为准？
        en Please add a version in our language.
        fr Merci d’ajouter une version dans notre langue.
        es Por favor, añadan una versión en nuestra lengua.
        ru Просим добавить версию на нашем языке.
        ar يرجى إضافة نسخة بلغتنا.
        zh 请增加我们语言的版本。
        en Agreed.
        fr D’accord.
        es De acuerdo.
        ru Согласны.
        ar موافقون.
        zh 同意。
        en We have a similar case and can share the material.
        fr Nous avons un cas semblable et pouvons partager les supports.
        es Tenemos un caso similar y podemos compartir los materiales.
        ru У нас похожий случай, можем поделиться материалами.
        ar لدينا حالة مشابهة ويمكننا مشاركة المواد.
        zh 我们有类似案例，可以分享资料。
        en Who answers the funder?
        fr Qui répond au bailleur ?
        es ¿Quién responde a la entidad financiadora?
        ru Кто ответит финансирующей организации?
        ar من يرد على الجهة الممولة؟
        zh 由谁答复资助方？
        """
}
