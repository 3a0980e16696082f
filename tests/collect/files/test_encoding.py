"""D1: encodings are recognised by what the text says; no mojibake is committed (R-import)."""

import pytest

from mindgap.collect.files import UnknownEncoding
from mindgap.collect.files.encoding import detect, named, to_utf8

SIMPLIFIED = (
    "订单号,城市,评分,意见\n"
    "1001,北京,9,送货很快，包装也很好，下次还会再买。\n"
    "1002,上海,3,客服态度一般，等了两天才回复，有点失望。\n"
    "1003,乌鲁木齐,7,价格合理，但是物流太慢了！\n"
)
TRADITIONAL = (
    "訂單編號,縣市,評分,意見\n"
    "1001,臺北市,9,出貨速度很快，包裝完整，下次還會再來。\n"
    "1002,高雄市,3,客服態度普通，等了兩天才回覆，有點失望。\n"
    "1003,桃園市,7,價格合理，但是物流太慢了！\n"
)
MAINLAND = [
    "北京",
    "上海",
    "广州",
    "深圳",
    "成都",
    "哈尔滨",
    "石家庄",
    "太原",
    "未知",
    "王小明",
    "李娜",
    "欧阳修",
]
TAIWAN = [
    "臺北市",
    "台北",
    "新北市",
    "桃園",
    "嘉義",
    "屏東",
    "花蓮",
    "香港",
    "王小明",
    "陳怡君",
    "歐陽修",
    "黃郁婷",
]
WESTERN = "name,comment\nAna,Não chegou meu produto\nJosé,l’été à Orléans “super” – 5 €\nJürgen,Überhaupt nicht größer\n"


def read_back(content: bytes) -> str:
    return to_utf8(content, detect(content)).decode()


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_simplified_chinese_comes_back_unharmed(codec: str) -> None:
    assert read_back(SIMPLIFIED.encode(codec)) == SIMPLIFIED


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp950"])
def test_traditional_chinese_comes_back_unharmed(codec: str) -> None:
    assert read_back(TRADITIONAL.encode(codec)) == TRADITIONAL


def test_big5_that_decodes_as_gb18030_without_error_is_still_big5() -> None:
    content = "縣市,人口\n臺北市,25\n高雄市,27\n".encode("cp950")
    content.decode("gb18030")
    assert detect(content).name == "cp950"


@pytest.mark.parametrize("word", MAINLAND)
def test_one_simplified_name_is_never_big5(word: str) -> None:
    assert read_back(f"id,name\n1,{word}\n".encode("gb18030")) == f"id,name\n1,{word}\n"


@pytest.mark.parametrize("word", TAIWAN)
def test_one_traditional_name_is_never_gb18030(word: str) -> None:
    assert read_back(f"id,name\n1,{word}\n".encode("cp950")) == f"id,name\n1,{word}\n"


def test_traditional_text_stored_as_gb18030_is_gb18030() -> None:
    assert detect(TRADITIONAL.encode("gb18030")).name == "gb18030"


def test_hong_kong_characters_outside_big5_are_read() -> None:
    text = TRADITIONAL + "1004,香港,8,嘅喺咗嚟啲\n"
    assert read_back(text.encode("big5hkscs")) == text


@pytest.mark.parametrize("codec", ["cp1252", "mac_roman"])
def test_western_code_pages_are_told_apart(codec: str) -> None:
    assert detect(WESTERN.encode(codec)).name == codec


def test_emoji_of_gb18030_survive() -> None:
    assert read_back((SIMPLIFIED + "1004,北京,9,很好😀\n").encode("gb18030")).endswith("很好😀\n")


def test_plain_ascii_is_utf8_without_doubt() -> None:
    found = detect(b"a,b\n1,2\n")
    assert (found.name, found.confidence, found.replaced) == ("utf-8", 1.0, 0)


def test_half_a_utf8_character_at_the_end_is_replaced_and_counted() -> None:
    content = SIMPLIFIED.rstrip().rstrip("！").encode()[:-1]
    found = detect(content)
    assert (found.name, found.replaced) == ("utf-8", 1)
    assert to_utf8(content, found).decode() == SIMPLIFIED.rstrip().rstrip("！")[:-1] + "\ufffd"


def test_truncated_bytes_inside_gb18030_are_replaced_and_counted() -> None:
    line = "送货很快，包装也很好".encode("gb18030")
    content = line + b"\n" + line[:-1] + b"\n" + line * 20
    found = detect(content)
    assert (found.name, found.replaced) == ("gb18030", 1)


def test_a_replacement_character_written_by_the_author_is_not_counted() -> None:
    content = "好\ufffd的".encode() + "太好了，非常满意".encode() + b"\xe5"
    assert detect(content).replaced == 1


def test_what_could_be_read_otherwise_is_offered() -> None:
    assert "cp950" in detect(SIMPLIFIED.encode("gb18030")).alternatives


def test_a_chosen_encoding_is_followed_and_its_failures_counted() -> None:
    content = SIMPLIFIED.encode("gb18030")
    assert named("gbk", content).name == "gb18030"
    assert named("utf-8", content).replaced > 20


def test_an_encoding_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(UnknownEncoding) as caught:
        named("klingon", b"a")
    assert caught.value.facts == {"name": "klingon"}


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_large_texts_are_decoded_in_parts_without_a_seam(codec: str) -> None:
    text = "北京市海淀区，送货很快。\n" * 120_000
    content = text.encode(codec)
    found = detect(content)
    assert found.replaced == 0
    assert to_utf8(content, found).decode() == text
