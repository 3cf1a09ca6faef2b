"""What the fixture files say: known sentences in Japanese, English and Thai, as a document would hold them."""

from __future__ import annotations

from typing import NamedTuple


class Part(NamedTuple):
    """A paragraph: its kind is title, heading, text, item or note."""

    kind: str
    text: str


JAPANESE_SENTENCES = (
    "この枠組みは、循環型の社会をめざす都市が互いの経験を学び合うことを目的とする。",
    "市長は、参加の意思を示す文書に署名し、事務局に送付しなければならない。",
    "2026年度には12都市が、食品廃棄物をあわせて約3,450トン減らす計画である。",
    "お問い合わせは電子メールで circular-cities-desk@resources.city.example.jp までお送りください。",
    "手続きの詳しい案内はhttps://www.city.example.jp/circular/guide/2026/how-to-join.htmlに掲載している。",
    "会議では「資源は地域の財産である」という言葉が何度も引用された。",
    "年会費は１都市あたり５００，０００円（消費税を除く）とし、毎年４月に納める。",
    "事務局はCityNetおよびICLEIと協力し、Circular Economyの研修を年2回開く。",
    "参加する都市は、廃棄物の発生抑制、再使用、再生利用のそれぞれについて数値目標を定め、その達成状況を毎年9月末までに"
    "事務局へ報告するとともに、住民、事業者、研究機関が目標の見直しに加わることのできる仕組みを整え、得られた知見を"
    "他の都市と分かち合うものとする。",
    "長野、大阪、山口の各市は、黒い土を使う食の循環と人力の車の再利用を、立場の違いを越えて金銭面でも支える。",
    "脱退を希望する都市は、90日前までに書面で通知するものとする。",
)
ENGLISH_SENTENCES = (
    "This framework helps cities that work towards a circular economy to learn from each other.",
    "The mayor signs a letter of intent and sends it to the secretariat within 30 days.",
    "In 2026, twelve cities plan to cut food waste by 3,450 tonnes, which is 12.5% of the total.",
    "Please write to circular-cities-desk@resources.city.example.org if anything is unclear.",
    "The guide at https://www.city.example.org/circular/guide/2026/how-to-join.html explains each step.",
    "Each member sets well-defined targets for reducing, reusing and recycling waste, reports on them to "
    "the secretariat by the end of September every year, and builds a process in which residents, "
    "businesses and universities can take part whenever those targets are reviewed.",
    "“Resources belong to the community,” the delegates repeated.",
    "A city that wishes to leave gives notice in writing 90 days in advance.",
)
THAI_SENTENCES = (
    "กรอบความร่วมมือนี้มีขึ้นเพื่อให้เมืองต่าง ๆ ที่มุ่งสู่เศรษฐกิจหมุนเวียนได้เรียนรู้ซึ่งกันและกัน",
    "นายกเทศมนตรีลงนามในหนังสือแสดงเจตจำนงและส่งให้สำนักเลขาธิการภายใน 30 วัน",
    "ในปี 2026 เมืองสมาชิก 12 แห่งวางแผนลดขยะอาหารรวมกันประมาณ 3,450 ตัน",
    "เมืองสมาชิกกำหนดเป้าหมายด้านการลดการใช้ซ้ำและการนำกลับมาใช้ใหม่รายงานผลต่อสำนักเลขาธิการทุกสิ้นเดือนกันยายนและ"
    "เปิดให้ประชาชนภาคธุรกิจและสถาบันวิจัยมีส่วนร่วมในการทบทวนเป้าหมายดังกล่าวอย่างสม่ำเสมอ",
    "เมืองที่ต้องการถอนตัวต้องแจ้งเป็นลายลักษณ์อักษรล่วงหน้า 90 วัน",
)  # fmt: skip

J, E, T = JAPANESE_SENTENCES, ENGLISH_SENTENCES, THAI_SENTENCES

RUNNING = {
    "ja": "循環都市の枠組み（2026年6月版）",
    "en": "Framework of circular cities, June 2026",
    "th": "กรอบความร่วมมือเมืองหมุนเวียน",
}
PARTS = {
    "ja": (
        Part("title", "循環都市をめざす都市間協力の枠組み"),
        Part("heading", "第1条（目的）"),
        Part("text", J[0] + J[5]),
        Part("heading", "第2条（参加の手続き）"),
        Part("text", J[1] + J[3] + J[4]),
        Part("heading", "第3条（参加都市の役割）"),
        Part("text", J[8]),
        Part("text", "参加都市は、次のことを行う。"),
        Part("item", "・数値目標を定めること"),
        Part("item", "・達成状況を毎年報告すること"),
        Part("heading", "第4条（費用と研修）"),
        Part("text", J[6] + J[7]),
        Part("heading", "【計画の規模】"),
        Part("text", J[2] + J[9]),
        Part("heading", "第5条（脱退）"),
        Part("text", J[10]),
        Part("heading", "附則"),
        Part("note", "※1 この枠組みは、2026年6月1日から施行する。"),
    ),
    "en": (
        Part("title", "Framework for cooperation among circular cities"),
        Part("heading", "Article 1: Purpose"),
        Part("text", f"{E[0]} {E[6]}"),
        Part("heading", "Article 2: How to join"),
        Part("text", f"{E[1]} {E[3]} {E[4]}"),
        Part("heading", "Article 3: Duties of members"),
        Part("text", E[5]),
        Part("text", "Members do two things:"),
        Part("item", "• set targets of their own"),
        Part("item", "• report on them every year"),
        Part("heading", "4. Scale"),
        Part("text", E[2]),
        Part("heading", "Article 5: Leaving"),
        Part("text", E[7]),
        Part("heading", "Annex"),
        Part("note", "*1 This framework applies from 1 June 2026."),
    ),
    "th": (
        Part("title", "กรอบความร่วมมือของเมืองหมุนเวียน"),
        Part("heading", "ข้อ 1 วัตถุประสงค์"),
        Part("text", T[0]),
        Part("heading", "ข้อ 2 การเข้าร่วม"),
        Part("text", T[1]),
        Part("heading", "ข้อ 3 หน้าที่ของสมาชิก"),
        Part("text", T[3]),
        Part("text", T[2]),
        Part("heading", "ข้อ 4 การถอนตัว"),
        Part("text", T[4]),
    ),
}
