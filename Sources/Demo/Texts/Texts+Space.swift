/// What institutes give to the online space.
extension Texts {
    static let space = """
        = contribution.news
        en {topic}: a new partnership begins in {place}
        fr {topic} : un nouveau partenariat voit le jour à {place}
        es {topic}: nace una nueva alianza en {place}
        ru {topic}: начато новое партнерство ({place})
        ar {topic}: شراكة جديدة تنطلق في {place}
        zh {topic}：{place}启动新的伙伴关系
        en {topic}: first results are in
        fr {topic} : premiers résultats
        es {topic}: primeros resultados
        ru {topic}: первые результаты
        ar {topic}: النتائج الأولى
        zh {topic}：首批成果公布
        = contribution.report
        en {topic}: report for the year {year}
        fr {topic} : rapport annuel {year}
        es {topic}: informe anual {year}
        ru {topic}: отчет за {year} год
        ar {topic}: التقرير السنوي لعام {year}
        zh {topic}：{year}年度报告
        = contribution.newsletter
        en Newsletter of {org}: {topic}
        fr Bulletin de {org} : {topic}
        es Boletín de {org}: {topic}
        ru Бюллетень {org}: {topic}
        ar نشرة {org}: {topic}
        zh {org}通讯：{topic}
        = contribution.photo-story
        en In pictures: {topic}
        fr En images : {topic}
        es En imágenes: {topic}
        ru В фотографиях: {topic}
        ar بالصور: {topic}
        zh 图片故事：{topic}
        = contribution.event
        en {topic}: open day in {place}
        fr {topic} : journée ouverte à {place}
        es {topic}: jornada abierta en {place}
        ru {topic}: день открытых дверей ({place})
        ar {topic}: يوم مفتوح في {place}
        zh {topic}：{place}开放日
        = contribution.publication
        en {topic}: new handbook free to download
        fr {topic} : nouveau manuel en libre accès
        es {topic}: nuevo manual de libre descarga
        ru {topic}: новое пособие в открытом доступе
        ar {topic}: دليل جديد متاح مجانا
        zh {topic}：新手册免费下载
        = contribution.summary
        en What began as a small project is now used by partners in several countries.
        fr Ce qui n’était qu’un petit projet est aujourd’hui utilisé par des partenaires de plusieurs pays.
        es Lo que empezó como un proyecto pequeño lo usan hoy asociados de varios países.
        ru Начавшись как небольшой проект, работа сегодня служит партнерам в нескольких странах.
        ar ما بدأ مشروعا صغيرا يستخدمه اليوم شركاء في عدة بلدان.
        zh 起初的小项目，如今已为多国伙伴所用。
        en Participants tell what has changed for them, and what they plan for the next year.
        fr Les participants racontent ce qui a changé pour eux et ce qu’ils prévoient pour l’an prochain.
        es Los participantes cuentan qué ha cambiado para ellos y qué planean para el próximo año.
        ru Участники рассказывают, что изменилось для них и что они планируют на будущий год.
        ar يروي المشاركون ما تغير لديهم وما يخططون له في السنة المقبلة.
        zh 参与者讲述了各自的变化和来年的计划。
        = contribution.body
        en The day began with a tour of the collections. In the afternoon four groups worked on cases of their own and
           showed each other what they had found.
        fr La journée a commencé par une visite des collections. L’après-midi, quatre groupes ont travaillé sur leurs
           propres cas et se sont présenté leurs résultats.
        es La jornada comenzó con una visita a las colecciones. Por la tarde, cuatro grupos trabajaron en sus propios
           casos y se mostraron los resultados.
        ru День начался с осмотра коллекций. Во второй половине дня четыре группы работали над собственными примерами
           и представили друг другу результаты.
        ar بدأ اليوم بجولة في المجموعات. وبعد الظهر عملت أربع مجموعات على حالاتها الخاصة وعرضت كل منها ما توصلت إليه.
        zh 当天首先参观馆藏。下午，四个小组围绕各自的案例展开工作，并相互展示成果。
        en The text is free to use under the licence given. Comments and translations are welcome.
        fr Le texte peut être repris selon la licence indiquée. Commentaires et traductions sont les bienvenus.
        es El texto puede reutilizarse según la licencia indicada. Se agradecen comentarios y traducciones.
        ru Текст можно использовать на условиях указанной лицензии. Комментарии и переводы приветствуются.
        ar يمكن استخدام النص بموجب الترخيص المبين. ونرحب بالتعليقات والترجمات.
        zh 本文可按所示许可协议使用，欢迎评论和翻译。
        = photo.caption
        en {topic}: participants of the course
        fr {topic} : les participants de la formation
        es {topic}: participantes del curso
        ru {topic}: участники курса
        ar {topic}: المشاركون في الدورة
        zh {topic}：培训班学员
        en {topic}: work in small groups
        fr {topic} : travail en petits groupes
        es {topic}: trabajo en grupos pequeños
        ru {topic}: работа в малых группах
        ar {topic}: عمل في مجموعات صغيرة
        zh {topic}：小组讨论
        en The reading room in {place}
        fr La salle de lecture à {place}
        es La sala de lectura de {place}
        ru Читальный зал ({place})
        ar قاعة المطالعة في {place}
        zh {place}的阅览室
        en Studio of the community radio in {place}
        fr Studio de la radio communautaire à {place}
        es Estudio de la radio comunitaria en {place}
        ru Студия общинного радио ({place})
        ar استوديو الإذاعة المجتمعية في {place}
        zh {place}社区广播电台的录音室
        = photo.alt
        en A group of people around a table with papers
        fr Un groupe de personnes autour d’une table couverte de papiers
        es Un grupo de personas alrededor de una mesa con papeles
        ru Группа людей за столом с бумагами
        ar مجموعة من الأشخاص حول طاولة عليها أوراق
        zh 一群人围坐在摆满文件的桌旁
        en Shelves with boxes; a window in the background
        fr Des étagères avec des boîtes ; une fenêtre au fond
        es Estantes con cajas; una ventana al fondo
        ru Полки с коробками; на заднем плане окно
        ar رفوف عليها صناديق، وفي الخلفية نافذة
        zh 摆放盒子的书架，背景有一扇窗
        en A microphone in front of a window
        fr Un microphone devant une fenêtre
        es Un micrófono delante de una ventana
        ru Микрофон у окна
        ar ميكروفون أمام نافذة
        zh 窗前的话筒
        = issue.intro
        en Dear readers, this number has news of our partners, an invitation, and a look ahead.
        fr Chères lectrices, chers lecteurs, ce numéro réunit des nouvelles de nos partenaires et une invitation.
        es Estimados lectores: este número reúne noticias de nuestros asociados y una invitación.
        ru Дорогие читатели, в этом номере новости наших партнеров и приглашение.
        ar أعزاءنا القراء، في هذا العدد أخبار شركائنا ودعوة.
        zh 亲爱的读者，本期刊登伙伴动态和一份邀请。
        en Between two meetings there is time to read: here is what happened since the last number.
        fr Entre deux réunions, le temps de lire : voici ce qui s’est passé depuis le dernier numéro.
        es Entre dos reuniones hay tiempo para leer: esto es lo que ha pasado desde el último número.
        ru Между совещаниями есть время почитать: вот что произошло со времени прошлого номера.
        ar بين اجتماعين متسع للقراءة: إليكم ما جرى منذ العدد السابق.
        zh 两次会议之间正好阅读：以下是上期以来的动态。
        = publicity.suggested
        en A new call is open: please tell your readers before it closes.
        fr Un nouvel appel est ouvert : merci d’en informer vos lecteurs avant sa clôture.
        es Hay una nueva convocatoria abierta: informen a sus lectores antes de que cierre.
        ru Открыт новый конкурс: просим сообщить читателям до его окончания.
        ar دعوة جديدة مفتوحة: يرجى إبلاغ قرائكم قبل إغلاقها.
        zh 新的征集已开放，请在截止前告知读者。
        en The handbook is out: a short note in your newsletter would help.
        fr Le manuel est paru : une brève dans votre bulletin serait utile.
        es El manual ya está disponible: una nota breve en su boletín sería útil.
        ru Пособие вышло: поможет краткая заметка в вашем бюллетене.
        ar صدر الدليل: ستفيد إشارة قصيرة في نشرتكم.
        zh 手册已出版，望在贵方通讯中简要介绍。
        en The open week is near: the text and two photos are free to use.
        fr La semaine portes ouvertes approche : le texte et deux photos sont libres d’usage.
        es Se acerca la semana de puertas abiertas: el texto y dos fotos pueden usarse libremente.
        ru Приближается неделя открытых дверей: текст и две фотографии можно использовать свободно.
        ar يقترب أسبوع الأبواب المفتوحة: النص وصورتان متاحة للاستخدام.
        zh 开放周临近，文字和两张照片可自由使用。
        = pickup.declined
        en Not a theme of our readers this year
        fr Ce n’est pas un thème de notre lectorat cette année
        es No es un tema de nuestros lectores este año
        ru Тема не для наших читателей в этом году
        ar ليس من مواضيع قرائنا هذا العام
        zh 今年不是我们读者关注的主题
        en The newsletter of the quarter was printed already
        fr Le bulletin du trimestre était déjà imprimé
        es El boletín del trimestre ya estaba impreso
        ru Бюллетень за квартал уже напечатан
        ar كانت نشرة الفصل قد طبعت
        zh 本季通讯已付印
        """
}
