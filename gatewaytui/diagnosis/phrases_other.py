"""Phrases of the other languages that gateways ship translations for: the few failures a person meets first.

Japanese, Korean, Russian, French, Spanish, Portuguese, German, Vietnamese.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .vocabulary import Topic

SPENT = (
    "残高が?不足|クォータ(が?不足|を使い果)|잔액…부족|크레딧…부족",
    "недостаточно (средств|квоты|баланса)|квота...(исчерпана|недостаточна)",
    "(saldo|cr[eé]ditos?|cuota|cota) (es )?(insuficientes?|agotad[oa]s?)",
    "(solde|quota|cr[eé]dits?) insuffisants?|guthaben...(aufgebraucht|unzureichend)|không đủ (hạn mức|số dư)",
)

OTHER: Mapping[Topic, tuple[str, ...]] = MappingProxyType(
    {
        Topic.ACCESS: (
            "нет доступа к (этой )?модел|pas acc[eè]s...mod[eè]le|sin acceso...modelo|sem acesso...modelo",
            "モデル…(アクセス権|利用できません)|không có quyền...(mô hình|nhóm)",
        ),
        Topic.MODEL_MISSING: (
            "モデル…(見つかりません|存在しません)|모델…(찾을 수 없|존재하지)|модел[ьи]...не (найдена|существует)",
            "(modelo|mod[eè]le|modell)...(no existe|no encontrado|introuvable|n'existe pas|não (existe"
            "|encontrado)|nicht gefunden)",
            "mô hình...không tồn tại",
        ),
        Topic.NO_CHANNEL: (
            r"利用可能なチャネル|нет доступн\w+ (канал|провайдер)|aucun (canal|fournisseur) disponible",
            "ning[uú]n canal disponible|nenhum canal dispon|không có kênh|kein kanal verfügbar",
        ),
        Topic.CONTEXT: (
            r"コンテキスト(長|ウィンドウ)…超|контекст\w*...(превы|слишком)|longueur d[eu] contexte",
            "longitud de(l)? contexto",
        ),
        Topic.FILTER: (
            r"コンテンツ(ポリシー|フィルタ)|политик\w+ (контента|безопасности)|filtre de contenu|filtro de contenido"
            r"|pol[ií]tica de conte[uú]do",
        ),
        Topic.FEATURE: (
            "ツールをサポート|не поддерживает...(инструмент|функци|поток|изображ)",
            "ne prend pas en charge|no admite (herramientas|im[aá]genes|funciones|streaming)",
        ),
        Topic.RATE: (
            "レート制限|リクエストが多すぎ|요청…(너무 많|한도|제한)|слишком много запросов|лимит запросов",
            "trop de requ[eê]tes|demasiadas (solicitudes|peticiones)|muitas solicita|zu viele anfragen"
            "|quá nhiều yêu cầu",
        ),
        Topic.OVERLOAD: ("混雑|過負荷|과부하|перегру|surcharg[eé]|sobrecarg|überlastet|quá tải",),
        Topic.PERMISSION: (
            "アカウント…(停止|禁止)|пользователь...(заблокирован|забанен)|utilisateur...banni|usuario...bloquead",
        ),
        Topic.AUTH: (
            "(無効な|不正な)(トークン|api ?キー)|(トークン|api ?キー)…(無効|期限切れ)|(유효하지|잘못된)…(토큰|키)",
            "(неверный|недействительный)...(токен|ключ)|(токен|ключ)...(недействителен|истек)",
            r"(jeton|cl[eé]( d'| |-)?api)...(invalide|expir)|(token|clave|chave)...(inv[aá]lid[oa]|expirad|caducad)",
            "token không hợp lệ|mã thông báo...không hợp lệ|ungültiger (api|schlüssel|token)",
        ),
    }
)
