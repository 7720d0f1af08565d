# Страницы и рисунки: HTML и SVG.

report-title = Отчёт о проверке подписи
made-by = Составлено программой imza { $version }. У кого есть документ, политика и набор доверия, получит тот же отчёт.

heading-judged = На основании чего проверено
heading-path = Сертификаты от подписавшего до корня доверия
heading-every-check = Все проверки ({ $count })
heading-timeline = Шкала времени

column-check = Проверка
column-outcome = Итог
column-found = Обнаружено
column-clause = Пункт
column-subject = Кому выдан
column-issuer = Кем выдан
column-valid = Срок действия
column-serial = Серийный номер

outcome-passed = Выполнено
outcome-information = Для сведения
outcome-skipped = Не проводилась

policy-digest = Политика, SHA-256
trust-digest = Набор доверия, SHA-256
evidence-digest = Доказательства, SHA-256

timeline-title = Шкала времени подписи { $index }
timeline-note = Времена стоят по порядку; расстояния не в масштабе.
mark-claimed = подписано, со слов подписавшего
mark-provided = существовала, с ваших слов
mark-judged = проверено
mark-ends = действительна до этого времени
bar-certificate = сертификат
bar-authority = служба меток времени
bar-revocation = сведения об отзыве
bar-algorithm = алгоритм
span-both = { $from } – { $until }
span-from = с { $from }
span-until = до { $until }
span-open = без даты окончания
