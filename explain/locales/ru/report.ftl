# Страница, которую читает человек: подписи строк, предложения, числа и даты.

headline-passed = { $count ->
    [1] Подпись действительна
    [one] Действительны все: { $count } подпись
    [few] Действительны все { $count } подписи
   *[many] Действительны все { $count } подписей
}
headline-failed = { $count ->
    [1] Подпись недействительна
   *[other] { $bad ->
        [one] Недействительна { $bad } подпись из { $count }
        [few] Недействительны { $bad } подписи из { $count }
       *[many] Недействительны { $bad } подписей из { $count }
    }
}
headline-indeterminate = { $count ->
    [1] Нельзя установить, действительна ли подпись
   *[other] Нельзя установить действительность { $bad ->
        [one] { $bad } подписи
       *[many] { $bad } подписей
    } из { $count }
}
headline-timestamp-passed = { $count ->
    [1] Метка времени действительна
    [one] Действительны все: { $count } метка времени
    [few] Действительны все { $count } метки времени
   *[many] Действительны все { $count } меток времени
}
headline-timestamp-failed = Метка времени недействительна
headline-timestamp-indeterminate = Нельзя установить, действительна ли метка времени
headline-nothing-signed = Здесь ничего не подписано
headline-not-processed = Документ не удалось обработать
headline-lowered = но по политике, которая требует меньше обычного
headline-uncovered = но охвачены не все файлы
headline-by-evidence = по сохранённым доказательствам

label-why = Почему
label-advice = Что делать
label-code = Код
label-detail = Подробности
label-document = Документ
label-judged = Проверено на
label-policy = Политика
label-lowered = Ослаблено
label-basis = Основание
label-trust = Доверие
label-result = Итог
label-signed-by = Кем подписано
label-issued-by = Сертификат выдал
label-proven = Доказано
label-provided = С ваших слов
label-claimed = Заявлено
label-covers = Охватывает
label-integrity = Целостность
label-timestamp = Метка времени
label-stamped-by = Кем поставлена
label-revision = Редакция
label-changed = Изменено
label-network = Сеть
label-outlook = Прогноз
label-about = объект
label-expected = ожидалось
label-found = обнаружено

outcome-failed = Нарушение
outcome-warning = Внимание

change-page = страница { $page }
change-field = поле { $name }
change-over = закрывает или открывает то, что было
change-object = объект { $object }

heading-document = Документ в целом
heading-signature = Подпись { $index } из { $count }
heading-counter-signature = Подпись { $index } из { $count }, заверяет другую подпись
heading-timestamp = Метка времени документа
heading-evidence-record = Запись доказательств документа
heading-files = Файлы

basis-evidence = сохранённые доказательства без самого документа: его хеш-суммы приняты на веру
trust-none = не указано; без этого ни одна подпись не может быть признана действительной
trust-anchors = { $count ->
    [one] { $count } корень доверия
    [few] { $count } корня доверия
   *[many] { $count } корней доверия
}
signer-unknown = неизвестно
time-unknown = без времени
best-validation = подпись существовала { $time }: это доказывает метка времени
best-time-mark = подпись существовала { $time }: это подтверждает отметка времени в ответе OCSP
best-provided = подпись существовала { $time }: так указали вы
best-current = ничто не доказывает, что подпись поставлена до этой проверки
claimed-time = { $time } (со слов подписавшего)
claimed-role = роль: { $value }
claimed-certified-role = роль по сертификату атрибутов, не проверено: { $value }
claimed-assertion = по утверждению третьей стороны, не проверено: { $value }
claimed-unreadable = не читается
claimed-without-name = роль не названа
claimed-place = место: { $value }
claimed-commitment = обязательство: { $value }
claimed-policy = политика подписи: { $value }
claimed-policy-implied = следует из обстоятельств
claimed-notice = уведомление политики подписи: { $value }
claimed-specification = спецификация политики подписи: { $value }
claimed-name = имя: { $value }
claimed-reason = причина: { $value }
claimed-contact = контакт: { $value }

kind-document = документ
kind-container = контейнер { $name }
kind-pdf = документ PDF

revision-last = { $number }, последняя
revision-before = { $number } из { $of }; добавленного позже подписавший не видел
scope-partial = { $name } (частично)
scope-digest = { $name } (через подписанный список)
scope-part = часть { $name } документа
scope-counter-signature = другую подпись
scope-inside = содержимое самого файла подписи
scope-missing = документ, который не предоставлен

file-covered = охвачен
file-uncovered = не охвачен ни одной действительной подписью

timestamp-content = на содержимое, до подписания
timestamp-signature = на подпись
timestamp-validation-data = на данные для проверки
timestamp-archive = для долгого хранения
timestamp-document = на документ
timestamp-evidence-record = запись доказательств

level-always = решает всегда
level-fail = решает
level-warn = только предупреждение
level-inform = только для сведения
level-ignore = не проверяется
departure = { $what }: { $here } (обычно: { $default })
departure-suite = алгоритмы
departure-unlimited = любой известный алгоритм в любое время
departure-standard-suite = как разрешает стандарт
departure-freshness = давность сведений об отзыве
departure-auxiliary-freshness = давность сведений об отзыве для служб
departure-ades = правила усиленных электронных подписей
departure-apply = применяются
departure-omit = не применяются
freshness-next-update = до срока следующего выпуска
freshness-unbounded = любая
freshness-after = выпущены после отсрочки: { $span }
freshness-seconds = { $count ->
    [one] { $count } секунда
    [few] { $count } секунды
   *[many] { $count } секунд
}
freshness-hours = { $count ->
    [one] { $count } час
    [few] { $count } часа
   *[many] { $count } часов
}
freshness-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
}

network-answered = ответ получен
network-offline = запроса не было: работа без сети
network-unreachable = соединиться не удалось
network-timed-out = ответ не пришёл вовремя
network-caps = запроса не было: исчерпан предел запросов
network-too-large = ответ слишком велик
network-status = отказ, статус { $status }
network-wrong-content = ответ не тот, о котором просили
network-declined = { $status ->
    [tryLater] служба занята и просит спросить позже (tryLater)
    [internalError] внутренняя ошибка службы, ответить сейчас она не может (internalError)
    [unauthorized] служба не отвечает об этом сертификате (unauthorized)
    [malformedRequest] служба не поняла запрос (malformedRequest)
    [sigRequired] служба отвечает только на подписанные запросы (sigRequired)
   *[other] служба не дала ответа, статус { $status }
}

outlook-renewed = остаётся действительной до { $time }, пока можно получать сведения об отзыве
outlook-at-hand = только с тем, что есть сейчас, — до { $time }
outlook-endless = пока можно получать сведения об отзыве, ничто из имеющегося её не прекращает
outlook-not-passed = сейчас действительность не подтверждена, поэтому срока нет
outlook-then = затем: { $what } ({ $standard })
outlook-timestamp = до { $time } добавьте метку времени и данные для проверки (уровень LT)
outlook-long-term = до { $time } добавьте данные для проверки (уровень LT)
outlook-archive = до { $time } добавьте архивную метку времени (уровень LTA)

size-bytes = { $count ->
    [one] { $count } байт
    [few] { $count } байта
   *[many] { $count } байт
}
size-kilobytes = { $amount } КБ
size-megabytes = { $amount } МБ
size-gigabytes = { $amount } ГБ
size-terabytes = { $amount } ТБ

moment = { $day } { $month ->
    [1] января
    [2] февраля
    [3] марта
    [4] апреля
    [5] мая
    [6] июня
    [7] июля
    [8] августа
    [9] сентября
    [10] октября
    [11] ноября
   *[12] декабря
} { $year } г., { $time } UTC
