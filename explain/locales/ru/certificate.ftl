# Сертификат, о котором спрашивают отдельно: что он говорит и действителен ли он.

certificate-passed = Сертификат действителен
certificate-failed = Сертификат недействителен
certificate-indeterminate = Нельзя установить, действителен ли сертификат
certificate-not-processed = Сертификат не удалось прочитать
certificate-note = Так говорит сам сертификат. Верно ли это, проверяет команда imza certificate validate.
certificate-report-title = Отчёт о проверке сертификата
certificate-made-by = Составлено программой imza { $version }. У кого есть сертификат, те же материалы, политика и набор доверия, получит тот же отчёт.

certificate-label-identifier = Идентификатор
certificate-label-subject = Кому выдан
certificate-label-valid = Срок действия
certificate-label-for = Для чего
certificate-label-qualified = Квалификация
certificate-label-limit = Предел
certificate-label-kept = Хранение
certificate-label-conditions = Условия
certificate-label-policies = Политики
certificate-label-names = Другие имена
certificate-label-key = Ключ
certificate-label-algorithm = Алгоритм подписи
certificate-label-serial = Серийный номер
certificate-label-revocation = Отзыв
certificate-label-issuer-at = Адрес издателя
certificate-label-odd = Вне правил

certificate-heading-path = Цепочка от сертификата до корня доверия
certificate-heading-attempts = Испробованные цепочки ({ $count })
certificate-more-attempts = остальные указаны в отчёте JSON
certificate-refusal = { $clause }: ожидалось { $expected }; обнаружено { $found }

certificate-nameless = владелец без имени
certificate-identifier = { $value } ({ $kind }, { $country })
certificate-identifier-wrong = { $value } ({ $kind }, { $country }); контрольная цифра неверна
certificate-identifier-kind = { $kind ->
    [PNO] национальный личный номер
    [FIN] персональный идентификационный номер (FIN)
    [VOEN] номер налогоплательщика (VÖEN)
    [IIN] индивидуальный идентификационный номер (ИИН)
    [BIN] бизнес-идентификационный номер (БИН)
    [TCKN] номер удостоверения личности (TCKN)
    [VKN] налоговый номер (VKN)
    [IDC] удостоверение личности
    [PAS] паспорт
    [TAX] налоговый номер
    [TIN] номер налогоплательщика
    [VAT] номер плательщика НДС
    [NTR] торговый реестр
    [PSD] поставщик платёжных услуг
    [LEI] идентификатор юридического лица (LEI)
    [none] идентификатор
   *[other] { $kind }
}
certificate-no-country = страна не указана
certificate-period = с { $from } до { $until }
certificate-period-inside = на { $time } срок идёт
certificate-period-early = на { $time } ещё не действует
certificate-period-over = на { $time } срок истёк
certificate-authority = выдача сертификатов (удостоверяющий центр)
certificate-type = { $type ->
    [esign] электронные подписи
    [eseal] электронные печати
    [web] веб-сайты
   *[other] { $type }
}
certificate-any-use = любое использование ключа
certificate-usage = { $bit ->
    [digitalSignature] подписи и вход (digitalSignature)
    [nonRepudiation] неотрекаемые подписи (nonRepudiation)
    [keyEncipherment] шифрование ключей (keyEncipherment)
    [dataEncipherment] шифрование данных (dataEncipherment)
    [keyAgreement] согласование ключей (keyAgreement)
    [keyCertSign] подписание сертификатов (keyCertSign)
    [cRLSign] подписание списков отзыва (cRLSign)
    [encipherOnly] только зашифрование (encipherOnly)
    [decipherOnly] только расшифрование (decipherOnly)
   *[other] { $bit }
}
certificate-purpose = { $purpose ->
    [any] любая цель
    [tls-server] серверы TLS
    [tls-client] вход в системы
    [code] подписание программ
    [mail] электронная почта
    [timestamping] выдача меток времени
    [ocsp] ответы об отзыве (OCSP)
   *[documents] подписание документов
}
certificate-policy = { $policy ->
    [any] любая политика
    [qcp-n] квалифицированный, физическое лицо (QCP-n)
    [qcp-l] квалифицированный, юридическое лицо (QCP-l)
    [qcp-n-qscd] квалифицированный, физическое лицо, квалифицированное устройство (QCP-n-qscd)
    [qcp-l-qscd] квалифицированный, юридическое лицо, квалифицированное устройство (QCP-l-qscd)
    [qcp-w] квалифицированный, веб-сайт (QCP-w)
    [ncp] нормализованный (NCP)
    [ncp-plus] нормализованный, защищённое устройство (NCP+)
   *[lcp] упрощённый (LCP)
}
certificate-qualified-not = об этом не говорит
certificate-qualified-union = говорит, что квалифицирован по праву Европейского союза
certificate-qualified-under = говорит, что квалифицирован по праву страны: { $countries }
certificate-device = говорит, что ключ находится в квалифицированном устройстве
certificate-device-not = о квалифицированном устройстве не говорит
certificate-list-decides = решает доверенный список
certificate-retention = { $count ->
    [one] { $count } год после истечения срока
    [few] { $count } года после истечения срока
   *[many] { $count } лет после истечения срока
}
certificate-bits = { $count ->
    [one] { $kind }, { $count } бит
    [few] { $kind }, { $count } бита
   *[many] { $kind }, { $count } бит
}
certificate-revocation-not-needed = не требуется: { $why }
certificate-revocation-unsaid = не говорит, где узнать его состояние
certificate-odd-at = { $what } (октет { $at })
certificate-trust-none = не указано; без этого ни один сертификат не может быть признан действительным

-do-not-rely = Не полагайтесь на этот сертификат. Попросите у владельца новый.

certificate-sub-no-certificate-chain-found = Никто из тех, кому вы доверяете, не удостоверяет этот сертификат.
    .advice = Предоставьте сертификат удостоверяющего центра, которому доверяете. Возьмите его у самого центра.
certificate-sub-no-certificate-chain-found-no-poe = Корню доверия на это время больше не доверяют.
    .advice = Попросите у центра его нынешний сертификат.
certificate-sub-certificate-chain-general-failure = Проверить сертификат не удалось, или ничто не подтверждает, что он не отозван.
    .advice = Повторите проверку с подключением к сети или предоставьте сведения об отзыве сами.
certificate-sub-chain-constraints-failure = Использовать сертификат для этой цели нельзя.
    .advice = Попросите у владельца сертификат, выданный для этой цели, или проверьте для другой цели.
certificate-sub-revoked-no-poe = Сертификат отозван.
    .advice = { -do-not-rely }
certificate-sub-revoked-ca-no-poe = Отозван сертификат вышестоящего удостоверяющего центра.
    .advice = { -do-not-rely }
certificate-sub-try-later = Нужны более новые сведения об отзыве, или действие сертификата приостановлено.
    .advice = Повторите проверку позже или с подключением к сети, чтобы получить новые сведения.
certificate-sub-out-of-bounds-not-revoked = Сертификат в это время не действует; он не отозван.
    .advice = { -do-not-rely }
certificate-sub-out-of-bounds-no-poe = Сертификат в это время не действует.
    .advice = { -do-not-rely }
certificate-sub-revocation-out-of-bounds-no-poe = У службы, сообщившей о сертификате, истёк срок её собственного сертификата.
    .advice = Повторите проверку с подключением к сети, чтобы получить новые сведения.
certificate-sub-crypto-constraints-failure-no-poe = Алгоритм уже слишком слаб.
    .advice = { -do-not-rely }
certificate-sub-custom = Программа достигла одного из своих пределов или встретила то, чего не знает.
    .advice = Проверьте сертификат и другой программой; причина указана в строках ниже.
