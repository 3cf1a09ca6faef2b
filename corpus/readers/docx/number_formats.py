"""Numbers in the forms in which Word draws them (ECMA-376-1, 17.18.59)."""

from __future__ import annotations

import re

from corpus.readers.numerals import letters, roman

_ZEROS = re.compile(r"decimalZero([1-9]?)")  # with how many digits, two without it

_SEQUENCES = {
    "aiueo": "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝ",
    "aiueoFullWidth": "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン",
    "iroha": "ｲﾛﾊﾆﾎﾍﾄﾁﾘﾇﾙｦﾜｶﾖﾀﾚｿﾂﾈﾅﾗﾑｳヰﾉｵｸﾔﾏｹﾌｺｴﾃｱｻｷﾕﾒﾐｼヱﾋﾓｾｽ",
    "irohaFullWidth": "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス",
    "ideographTraditional": "甲乙丙丁戊己庚辛壬癸",
    "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥",
    "decimalEnclosedCircle": "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿",
    "decimalEnclosedFullstop": "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛",
    "decimalEnclosedParen": "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇",
    "ideographEnclosedCircle": "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉",
    "ganada": "가나다라마바사아자차카타파하",
    "chosung": "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ",
    "thaiLetters": "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ",
}
_DIGITS = {
    "decimalFullWidth": "０１２３４５６７８９",
    "decimalFullWidth2": "０１２３４５６７８９",
    "ideographDigital": "〇一二三四五六七八九",
    "japaneseDigitalTenThousand": "〇一二三四五六七八九",
    "taiwaneseDigital": "○一二三四五六七八九",
    "koreanDigital": "영일이삼사오육칠팔구",
    "thaiNumbers": "๐๑๒๓๔๕๖๗๘๙",
    "hindiNumbers": "०१२३४५६७८९",
}
_SAME = {"decimalEnclosedCircleChinese": "decimalEnclosedCircle", "chineseCountingThousand": "japaneseCounting",
         "chineseCounting": "japaneseCounting", "taiwaneseCounting": "japaneseCounting",
         "taiwaneseCountingThousand": "japaneseCounting", "decimalHalfWidth": "decimal"}  # fmt: skip


def format_number(number: int, form: str) -> str | None:
    """A number as Word draws it in one of its formats (ECMA-376-1, 17.18.59); None if this reader can't.

    Never wrong rather than always there: sequences end with their last character.
    """
    form = _SAME.get(form, form)
    if form == "none":
        return ""
    if form == "decimal":
        return str(number)
    if zeros := _ZEROS.fullmatch(form):
        return f"{number:0{zeros[1] or 2}}"
    if form == "numberInDash":
        return f"- {number} -"
    if number < 1 or number > 3999:
        return None
    if form in {"lowerLetter", "upperLetter"}:  # after z comes aa, then bb
        shown = letters((number - 1) % 26 + 1) * ((number - 1) // 26 + 1)
        return shown if form == "lowerLetter" else shown.upper()
    if form in {"lowerRoman", "upperRoman"}:
        return roman(number) if form == "lowerRoman" else roman(number).upper()
    if form == "ordinal":
        ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number}{ending}"
    if form in _SEQUENCES:
        return _SEQUENCES[form][number - 1] if number <= len(_SEQUENCES[form]) else None
    if form in _DIGITS:
        return "".join(_DIGITS[form][int(digit)] for digit in str(number))
    if form == "japaneseCounting" and number < 100:
        tens, ones = divmod(number, 10)
        digits = " 一二三四五六七八九"
        return ((digits[tens] if tens > 1 else "") + ("十" if tens else "") + digits[ones]).strip()
    return None
