/// What stands on agendas, and what meetings make of it.
extension Texts {
    static let meetings = """
        = meeting.review
        en Annual review meeting {year}
        fr Réunion annuelle d’examen {year}
        es Reunión anual de examen {year}
        ru Ежегодное обзорное совещание {year} года
        ar اجتماع الاستعراض السنوي {year}
        zh {year}年度审查会议
        = meeting.other
        en {topic}: planning meeting
        fr {topic} : réunion de planification
        es {topic}: reunión de planificación
        ru {topic}: совещание по планированию
        ar {topic}: اجتماع تخطيطي
        zh {topic}：规划会议
        en {topic}: meeting of editors
        fr {topic} : réunion des rédactions
        es {topic}: reunión de redacciones
        ru {topic}: встреча редакций
        ar {topic}: لقاء المحررين
        zh {topic}：编辑会议
        en {topic}: workshop of the partners
        fr {topic} : atelier des partenaires
        es {topic}: taller de los asociados
        ru {topic}: семинар партнеров
        ar {topic}: حلقة عمل الشركاء
        zh {topic}：伙伴研讨会
        = agenda.title
        en Opening and adoption of the agenda
        fr Ouverture et adoption de l’ordre du jour
        es Apertura y aprobación del orden del día
        ru Открытие и утверждение повестки дня
        ar الافتتاح وإقرار جدول الأعمال
        zh 开幕并通过议程
        en Report on the past year
        fr Rapport sur l’année écoulée
        es Informe sobre el año transcurrido
        ru Отчет за прошедший год
        ar تقرير عن السنة الماضية
        zh 上一年度报告
        en Plans for the next period
        fr Plans pour la prochaine période
        es Planes para el próximo período
        ru Планы на следующий период
        ar خطط الفترة المقبلة
        zh 下一阶段计划
        en {topic}: where we stand
        fr {topic} : état des lieux
        es {topic}: estado de la cuestión
        ru {topic}: текущее положение дел
        ar {topic}: الوضع الراهن
        zh {topic}：现状
        en Joint fundraising
        fr Recherche commune de financements
        es Búsqueda conjunta de fondos
        ru Совместное привлечение средств
        ar التعاون في حشد التمويل
        zh 联合筹资
        en Relaying each other's news
        fr Relais mutuel des actualités
        es Difusión mutua de las noticias
        ru Взаимное распространение новостей
        ar تبادل نشر الأخبار
        zh 相互转发新闻
        en Field advisors: needs and offers
        fr Conseil de terrain : besoins et offres
        es Asesoría de terreno: necesidades y ofertas
        ru Полевые советники: потребности и предложения
        ar المشورة الميدانية: الاحتياجات والعروض
        zh 驻地顾问：需求与供给
        en Date and place of the next meeting
        fr Date et lieu de la prochaine réunion
        es Fecha y lugar de la próxima reunión
        ru Дата и место следующего совещания
        ar موعد الاجتماع المقبل ومكانه
        zh 下次会议的时间和地点
        = agenda.notes
        en Ten minutes of introduction, then discussion. Figures are in the annex.
        fr Dix minutes de présentation, puis discussion. Les chiffres figurent en annexe.
        es Diez minutos de presentación y luego debate. Las cifras figuran en el anexo.
        ru Десять минут на вступление, затем обсуждение. Цифры приведены в приложении.
        ar عشر دقائق للتقديم ثم النقاش. الأرقام في الملحق.
        zh 先作十分钟介绍，然后讨论。数据见附件。
        en The item was proposed by two institutes in their comments.
        fr Ce point a été proposé par deux instituts dans leurs commentaires.
        es El punto fue propuesto por dos institutos en sus comentarios.
        ru Пункт предложен двумя институтами в комментариях.
        ar اقترح هذا البند معهدان في تعليقاتهما.
        zh 此项由两个研究所在评论中提出。
        = decision.text
        en The institutes send their plans by the end of January, in the form that was agreed.
        fr Les instituts envoient leurs plans avant la fin de janvier, sous la forme convenue.
        es Los institutos envían sus planes antes de finales de enero, en la forma acordada.
        ru Институты направляют свои планы до конца января в согласованной форме.
        ar ترسل المعاهد خططها قبل نهاية شهر يناير بالشكل المتفق عليه.
        zh 各研究所按商定格式在一月底前提交计划。
        en A working group on shared archives is set up; it reports at the next meeting.
        fr Un groupe de travail sur les archives partagées est créé ; il rendra compte à la prochaine réunion.
        es Se crea un grupo de trabajo sobre archivos compartidos, que informará en la próxima reunión.
        ru Создается рабочая группа по общим архивам; она отчитается на следующем совещании.
        ar ينشأ فريق عمل للأرشيفات المشتركة، ويقدم تقريره في الاجتماع المقبل.
        zh 成立共享档案工作组，并在下次会议上汇报。
        en Each institute relays at least four items of the Sector a year.
        fr Chaque institut relaie au moins quatre contenus du Secteur par an.
        es Cada instituto difunde al menos cuatro contenidos del Sector al año.
        ru Каждый институт распространяет не менее четырех материалов Сектора в год.
        ar ينشر كل معهد أربع مواد على الأقل من مواد القطاع كل سنة.
        zh 各研究所每年至少转发部门的四篇内容。
        en The next meeting takes place in spring and is hybrid.
        fr La prochaine réunion se tiendra au printemps, sous forme hybride.
        es La próxima reunión se celebrará en primavera, en formato híbrido.
        ru Следующее совещание пройдет весной в смешанном формате.
        ar يعقد الاجتماع المقبل في الربيع بصيغة مختلطة.
        zh 下次会议于春季以线上线下结合的方式举行。
        en Joint bids name one lead, and shares are fixed before the first draft.
        fr Les candidatures communes désignent un chef de file, et les parts sont fixées avant le premier projet.
        es Las propuestas conjuntas designan un líder, y las partes se fijan antes del primer borrador.
        ru В совместных заявках указывается ведущая организация, а доли определяются до первого проекта.
        ar تحدد العروض المشتركة جهة رائدة واحدة، وتثبت الحصص قبل المسودة الأولى.
        zh 联合申请须指定一个牵头方，并在初稿之前确定份额。
        en Photos are published only with the written consent of those shown.
        fr Les photos ne sont publiées qu’avec l’accord écrit des personnes montrées.
        es Las fotos solo se publican con el consentimiento escrito de quienes aparecen.
        ru Фотографии публикуются только с письменного согласия тех, кто на них изображен.
        ar لا تنشر الصور إلا بموافقة كتابية من الظاهرين فيها.
        zh 照片须经被拍摄者书面同意方可发布。
        = action.text
        en Send the revised plan to all partners
        fr Envoyer le plan révisé à tous les partenaires
        es Enviar el plan revisado a todos los asociados
        ru Направить пересмотренный план всем партнерам
        ar إرسال الخطة المنقحة إلى جميع الشركاء
        zh 将修订后的计划发送给所有伙伴
        en Have the guidelines translated
        fr Faire traduire les lignes directrices
        es Encargar la traducción de las directrices
        ru Организовать перевод рекомендаций
        ar ترجمة المبادئ التوجيهية
        zh 安排指南的翻译
        en Find a date for the workshop
        fr Trouver une date pour l’atelier
        es Encontrar una fecha para el taller
        ru Согласовать дату семинара
        ar تحديد موعد لحلقة العمل
        zh 确定研讨会日期
        en Collect the figures for the report
        fr Réunir les chiffres pour le rapport
        es Reunir las cifras para el informe
        ru Собрать данные для отчета
        ar جمع الأرقام من أجل التقرير
        zh 收集报告所需数据
        en Answer the letter of the ministry
        fr Répondre à la lettre du ministère
        es Responder a la carta del ministerio
        ru Ответить на письмо министерства
        ar الرد على رسالة الوزارة
        zh 答复部委来函
        en Check the list of contacts
        fr Vérifier la liste des contacts
        es Revisar la lista de contactos
        ru Проверить список контактов
        ar التحقق من قائمة جهات الاتصال
        zh 核对联系人名单
        en Draft the terms of the joint bid
        fr Rédiger les termes de la candidature commune
        es Redactar los términos de la propuesta conjunta
        ru Подготовить условия совместной заявки
        ar صياغة شروط العرض المشترك
        zh 起草联合申请的条款
        en Publish the minutes
        fr Publier le compte rendu
        es Publicar el acta
        ru Опубликовать протокол
        ar نشر المحضر
        zh 公布会议纪要
        = action.progress
        en A first draft is done; the figures of two partners are missing.
        fr Un premier projet est prêt ; les chiffres de deux partenaires manquent.
        es Hay un primer borrador; faltan las cifras de dos asociados.
        ru Первый проект готов; не хватает данных двух партнеров.
        ar المسودة الأولى جاهزة، وتنقصها أرقام شريكين.
        zh 初稿已完成，尚缺两个伙伴的数据。
        en Waits for an answer.
        fr En attente d’une réponse.
        es A la espera de respuesta.
        ru Ожидается ответ.
        ar في انتظار الرد.
        zh 等待答复。
        en Half of it is done.
        fr La moitié est faite.
        es Está hecho a medias.
        ru Половина сделана.
        ar أنجز نصف العمل.
        zh 已完成一半。
        """
}
