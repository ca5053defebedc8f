"""Phrases of the other languages that gateways ship translations for: the failures a person meets first.

Japanese, Korean, Russian, French, Spanish, Portuguese, Italian, German, Vietnamese, Turkish, Indonesian. Characters
shared with Chinese are folded in the phrase as in the text.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .vocabulary import Topic

SPENT = (
    "(残高|残額|クォータ|クレジット|利用枠)…(不足|使い果|なくなり|ありません|消費に失敗)|チャージして",
    "(잔액|잔고|크레딧|할당량|쿼터)…(부족|소진|모두 사용)|충전…(필요|하세요|해 ?주세요)",
    r"недостаточно (средств|квоты|баланса|кредит)|(квот|баланс|средств|кредит)\w*...(исчерпан|недостаточ|закончил"
    r"|отрицател)|пополните",
    r"(saldo|cr[eé]ditos?|cuota|cota|quota|crediti)( \w+){0,4} (insuficientes?|insufficient[ei]|agotad[oa]s?"
    r"|esgotad[oa]s?|esaurit[oaie])|(sin|sem|senza) (saldo|cr[eé]dito)|se agotó (el|su) (saldo|cr[eé]dito)",
    r"(solde|quota|cr[eé]dits?)( \w+){0,4} (insuffisante?s?|[eé]puis[eé]e?s?)|plus (assez )?de cr[eé]dits?",
    r"(guthaben|kontingent|kredit)...(aufgebraucht|unzureichend|erschöpft|reicht nicht|nicht aus)|kein guthaben",
    "(hạn mức|số dư)...(không đủ|đã hết|cạn)|không đủ (hạn mức|số dư|tiền)|hết (hạn mức|số dư|tiền)",
    r"(bakiye|kredi|kota)\w*...(yetersiz|tükendi|bitti|doldu)|(saldo|kuota|kredit)...(tidak (men)?cukup|habis)",
)

OTHER: Mapping[Topic, tuple[str, ...]] = MappingProxyType(
    {
        Topic.ACCESS: (
            "(モデル|グループ)…(権限|アクセスでき|アクセス権|許可され|利用できません)",
            "(모델|그룹)…(권한|허용되지|불가|(사용|접근|이용|액세스)할 수 없)",
            r"(нет|не имеет|не имеете|без)( прав)? доступа...(модел|групп)|доступ...(модел|групп)\w*...(запрещ"
            r"|ограничен|закрыт)",
            r"(n'a|n'avez|pas|aucun|aucune)( \w+){0,2} (acc[eè]s|permission|autorisation)...(mod[eè]le|groupe)"
            r"|n'a acc[eè]s à aucun",
            "(sin|no (tiene|tienes)|sem|não (tem|possui)|senza|non (ha|hai))( (el|il|o))? (acceso|acesso|accesso"
            "|permi\\w+)...(modelo|modello|grupo|gruppo)",
            r"kein\w* zugriff...(modell|gruppe)|(modell|gruppe)\w*...nicht (freigegeben|erlaubt|berechtigt)",
            r"không có quyền...(mô hình|nhóm)|tidak (punya|memiliki) akses...(model|grup)"
            r"|(model|grup)\w*...erişim\w*...(yok|izn)",
        ),
        Topic.MODEL_MISSING: (
            "モデル…(見つかりません|存在しません|対応していません|サポートされていません)|不明なモデル",
            "모델…(찾을 수 없|존재하지|지원되지|지원하지)|알 수 없는 모델",
            r"модел\w*...не (найден|существует|поддерживается)|неизвестн\w+ модел",
            r"mod[eè]le...(n'existe pas|introuvable|inconnu|non trouvé)",
            r"(modelo|modello)...(no existe|no (fue |se ha )?encontrado|não (existe|(foi )?encontrado)"
            r"|non (esiste|trovato)|descono|desconhe|sconosciuto)",
            r"modell...(nicht gefunden|existiert nicht|unbekannt)|unbekanntes modell",
            r"mô hình...không (tồn tại|tìm thấy)|không tìm thấy mô hình|model\w*...(bulunamadı|mevcut değil)"
            r"|model...tidak (ditemukan|ada\b|tersedia)",
        ),
        Topic.NO_CHANNEL: (
            "(利用可能|有効|使用可能)な…(チャネル|チャンネル|プロバイダ|アカウント)…(ありません|ない|見つかりません)",
            "(사용 가능한|유효한|이용 가능한)…(채널|공급자|계정)…(없|찾을 수)",
            r"нет (доступн|действительн|активн|свободн)\w*( \w+){0,2} (канал|провайдер|аккаунт)",
            r"aucun (canal|fournisseur|compte)( \w+){0,2} (disponible|valide)|ning[uú]n (canal|proveedor)...dispon"
            r"|no hay (canales|proveedores)|nenhum (canal|provedor)...(dispon|válid)|nessun canale...dispon",
            r"kein\w* (kanal|anbieter)...verfügbar|không có kênh|tidak ada (saluran|kanal)|kullanılabilir kanal",
        ),
        Topic.CONTEXT: (
            "コンテキスト(長|ウィンドウ)?…(超|長す)|(プロンプト|入力)が長す|컨텍스트…(초과|길)|(프롬프트"
            "|입력)…너무 (길|깁)",
            r"контекст\w*...(превы|слишком)|(запрос|промпт) слишком длинн",
            r"longueur (d[eu] )?contexte|longitud (de(l)? )?contexto|(limite|tamanho|janela) d[eo] contexto"
            r"|kontext(länge|fenster)|(prompt|eingabe) ist zu lang",
        ),
        Topic.FILTER: (
            "コンテンツ(ポリシー|フィルタ|モデレーション)|不適切な(内容|コンテンツ)|콘텐츠 (정책|필터)"
            "|부적절한 (내용|콘텐츠)",
            r"политик\w+ (контента|безопасности)|недопустим\w+ содержан|filtre de contenu|filtro de contenido"
            r"|filtro de conte[uú]do|pol[ií]tica de (contenido|conteúdo)|inhaltsfilter|inhaltsrichtlini",
        ),
        Topic.FEATURE: (
            "(ツール|ストリーミング|画像|関数)…(サポート|対応)していません|(도구|스트리밍|이미지|함수)…지원하지",
            r"не поддерживает...(инструмент|функци|поток|изображ)|ne prend pas en charge",
            r"no (admite|soporta) (herramientas|imágenes|funciones|streaming)|não suporta (ferramentas|imagens"
            r"|funções|streaming)|unterstützt (keine?|kein) (werkzeug|tools|bilder|streaming|funktion)",
        ),
        Topic.RATE: (
            "レート制限|リクエスト…(多すぎ|制限|上限)|呼び出し…(多すぎ|上限)|요청…(너무 많|한도|제한)|속도 제한",
            r"слишком много запросов|лимита? запросов|превышен\w* (лимит|частот)",
            r"trop de requ[eê]tes|limite (\w+ )?de (requ[eê]tes|débit)|demasiadas (solicitudes|peticiones)"
            r"|l[ií]mite de (solicitudes|peticiones|velocidad|taxa|requisições)|muitas (solicita|requisi)"
            r"|troppe richieste",
            r"zu viele anfragen|anfragelimit|raten(limit|begrenzung)|quá nhiều yêu cầu|giới hạn (yêu cầu|tốc độ)"
            r"|çok fazla istek|istek sınırı|terlalu banyak permintaan",
        ),
        Topic.OVERLOAD: (
            "混雑|過負荷|飽和|アクセスが集中|과부하|포화|혼잡|이용자가 많",
            r"перегру|нагрузк\w*...(насыщен|высок|велик|предел)|сервер\w* занят",
            r"surcharg[eé]|\bsatur[eé]e?s?\b|sobrecarg|saturad[oa]|sovraccaric|überlast|ausgelastet",
            "quá tải|bão hòa|aşırı yük|kelebihan beban|sedang sibuk",
        ),
        Topic.PERMISSION: (
            "(アカウント|ユーザー)…(停止|禁止|凍結|\\bban|banされ|無効化|ロックされ)|(계정|사용자)…(정지|차단"
            "|비활성|잠)",
            r"(пользовател|аккаунт|учетн|учётн)\w*...(заблокирован|забанен|отключен|отключён|приостановлен)",
            r"(utilisateur|compte)...(banni|suspendu|désactivé|bloqué)|(usuario|cuenta|usuário|conta"
            r"|utente)\b...(bloqu"
            r"|suspend|suspens|deshabilit|desativ|desactiv|banid|banead|bloccat|sospes)",
            r"(benutzer|konto)\w*...(gesperrt|deaktiviert)|(người dùng|tài khoản)...(bị cấm|bị khóa|bị vô hiệu)",
            r"\bip\b...(許可されていません|не разреш|pas autoris|non autoris|no (está )?(permitid|autorizad)|não"
            r" (permitid|autorizad)|nicht (erlaubt|zugelassen)|허용되지)",
        ),
        Topic.AUTH: (
            "(無効な|不正な|誤った)…(トークン|キー|認証)|(トークン|キー)…(無効|期限|提供されて|利用不可"
            "|正しくありません)"
            "|認証(に失敗|エラー|が必要)|未認証",
            "(유효하지 않은|잘못된|만료된)…(토큰|키)|(토큰|키)…(유효하지|만료|제공되지|잘못|사용할 수 없)"
            "|인증…(실패|오류)",
            r"(неверн|недействительн|недопустим)\w* (api[- ]?)?(токен|ключ)|(токен|ключ)\w*...(недействител"
            r"|истек|истёк"
            r"|не (предоставлен|указан|найден)|неверн)|ошибка (аутентификации|авторизации)|не авторизован",
            r"(jeton|cl[eé]( d'| |-)?api)( \w+){0,3} (invalide|expir|manquant|fourni)"
            r"|(token|clave|chave|chiave)( \w+){0,3} (inv[aá]lid[oa]|no v[aá]lid|expirad|caducad|scadut|non valid)",
            r"ungültiger? (api|schlüssel|token)|(schlüssel|token) (ist )?(ungültig|abgelaufen|fehlt)",
            r"token...(không hợp lệ|hết hạn)|chưa (cung cấp token|xác thực)|khóa api...không hợp lệ"
            r"|geçersiz (api|anahtar|token)|(token|kunci)...(tidak valid|kedaluwarsa)",
        ),
        Topic.MONEY: ("残高|クォータ|잔액|할당량|баланс|квот|saldo|solde|guthaben|số dư|hạn mức|bakiye",),
        Topic.MODEL: (
            "モデル|グループ|모델|그룹|модел|групп|mod[eè]les?\\b|\\bmodelos?\\b|modell|mô hình|groupe\\b|gruppe\\b",
        ),
    }
)
