"""Where the sample company stands: regions, stores, and how well each of them delivers."""

from dataclasses import dataclass

from mindgap.collect.mapping.schema import UnitPart

_REGIONS = {
    "east": {"en": "East", "zh-hans": "东区", "zh-hant": "東區"},
    "south": {"en": "South", "zh-hans": "南区", "zh-hant": "南區"},
    "north": {"en": "North", "zh-hans": "北区", "zh-hant": "北區"},
    "west": {"en": "West", "zh-hans": "西区", "zh-hant": "西區"},
}
_STREETS = (
    ("River Street", "江滨路", "江濱路"),
    ("Old Gate", "老城门", "老城門"),
    ("Garden Square", "花园广场", "花園廣場"),
    ("Harbour", "港口", "港口"),
    ("University", "大学城", "大學城"),
    ("Station", "火车站", "火車站"),
)
# The one that is truly bad, and the one that is merely young: its few deliveries only look bad.
BAD, YOUNG = "west-3", "north-6"


@dataclass(frozen=True, slots=True)
class Place:
    """A store: its share of the trade, days added to each delivery, points taken from satisfaction."""

    code: str
    region: str
    weight: float
    extra_days: float
    worse: float


def places() -> tuple[Place, ...]:
    """The 24 stores, in order."""
    found = []
    for row, region in enumerate(_REGIONS):
        for column in range(len(_STREETS)):
            code = f"{region}-{column + 1}"
            if code == BAD:
                place = Place(code, region, 1.3, 1.4, 0.5)
            elif code == YOUNG:
                place = Place(code, region, 0.0, 0.8, 0.0)
            else:
                # A little better, a little worse: what any chain of stores looks like.
                drift = ((row * 7 + column * 5) % 11 - 5) / 25
                place = Place(code, region, 0.7 + ((row + 2 * column) % 5) / 5, drift, drift / 2)
            found.append(place)
    return tuple(found)


def units() -> tuple[UnitPart, ...]:
    """Regions, their stores, and the service centre, as a mapping declares them."""
    regions = [UnitPart(code=code, name=name, kind="region") for code, name in _REGIONS.items()]
    stores = []
    for place in places():
        number = int(place.code.split("-")[1]) - 1
        en, hans, hant = _STREETS[number]
        region = _REGIONS[place.region]
        name = {
            "en": f"{en}, {region['en']}",
            "zh-hans": f"{region['zh-hans']}{hans}店",
            "zh-hant": f"{region['zh-hant']}{hant}店",
        }
        stores.append(UnitPart(code=place.code, name=name, kind="branch", parent=place.region))
    centre = UnitPart(
        code="service-centre",
        kind="team",
        name={"en": "Service centre", "zh-hans": "客服中心", "zh-hant": "客服中心"},
    )
    return (*regions, *stores, centre)
