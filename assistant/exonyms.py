"""Names that English and Indonesian spell apart, and the words that only go with names.

Each line of a table is one thing in all of its forms; forms in capitals are matched as they stand, since
"as" and "us" are words too.
"""

from __future__ import annotations

import re
from functools import cache

# The first form stands for all. Behind ">" is what may be named in a source instead: news says
# "Moskow" where it means Russia.
_SAME = """
amerika; amerika serikat; AS; US; USA; U.S.; U.S; united states; america; american; americans > washington
rusia; russia; russian; russians > moskow kremlin
irak; iraq; iraqi; iraqis; iraq's > bagdad
iran; iranian; iranians > teheran
suriah; syria; syrian; syrians > damaskus
turki; turkey; turkish; türkiye > ankara
mesir; egypt; egyptian > kairo
arab saudi; saudi; saudi arabia > riyadh
yordania; jordan; jordanian
yaman; yemen; yemeni
libanon; lebanon; lebanese
palestina; palestine; palestinian; palestinians
israel; israeli; israelis
ukraina; ukraine; ukrainian > kyiv
inggris; britain; british; united kingdom; UK; england; english > london
prancis; france; french > paris
jerman; germany; german; germans > berlin
belanda; netherlands; dutch; holland
spanyol; spain; spanish
italia; italy; italian
yunani; greece; greek
denmark; danish
cina; china; chinese; tiongkok > beijing
jepang; japan; japanese > tokyo
korea; korean
thailand; thai
vietnam; vietnamese
filipina; philippines; philippine; filipino > manila
singapura; singapore; singaporean
malaysia; malaysian
asia; asian; asians
eropa; europe; european; europeans
afrika; africa; african; africans
persia; persian
pasifik; pacific
atlantik; atlantic
mediterania; mediterranean
qatar; qatari
kuwait; kuwaiti
uni emirat arab; united arab emirates; emirati; UAE; UEA
bahrain; bahraini
maroko; morocco; moroccan
aljazair; algeria; algerian
libya; libyan
pakistan; pakistani
afghanistan; afghan; afghans
bangladesh; bangladeshi
myanmar; burma; burmese
timor leste; east timor; timorese
papua nugini; papua new guinea
brasil; brazil; brazilian
meksiko; mexico; mexican
argentina; argentine; argentinian
swedia; sweden; swedish
norwegia; norway; norwegian
finlandia; finland; finnish
polandia; poland; polish
swiss; switzerland
austria; austrian
belgia; belgium; belgian > brussel
portugal; portuguese
hungaria; hungary; hungarian
ceko; czech; czechia
irlandia; ireland; irish
skotlandia; scotland; scottish
kairo; cairo
jenewa; geneva
brussel; brussels
roma; rome
athena; athens
wina; vienna
kyiv; kiev
lebaran; idul fitri; eid al-fitr; eid
natal; christmas
katolik; catholic; catholics
buddha; buddhist; buddhists
hindu; hindus
kamboja; cambodia; cambodian
india; indian
australia; australian > canberra
selandia baru; new zealand
kanada; canada; canadian
indonesia; indonesian; indonesians > jakarta
sri lanka; sri lankan
jawa; java; javanese; javan
sumatera; sumatra; sumatran
kalimantan; borneo
sulawesi; celebes
bagdad; baghdad
teheran; tehran
moskow; moscow
damaskus; damascus
gedung putih; white house > washington
den haag; the hague
efrat; euphrates
isis; ISIS; ISIL; daesh; islamic state; negara islam; islamic state group
pbb; PBB; UN; united nations; perserikatan bangsa-bangsa
world health organization; WHO; badan kesehatan dunia; organisasi kesehatan dunia
wto; WTO; world trade organization; organisasi perdagangan dunia
uni eropa; european union; EU; UE
uni soviet; soviet union; soviet
nazi; nazis
romawi; roman; romans
kurdi; kurd; kurds; kurdish
syiah; shia; shiite; shiites; shi'ite
sunni; sunnis
yazidi; yazidis
kristen; christian; christians
muslim; muslims; islam; islamic
arab; arabic; arabs
barat daya; southwest; south-west; southwestern
barat laut; northwest; north-west; northwestern
timur laut; northeast; north-east; northeastern
tenggara; southeast; south-east; southeastern
utara; north; northern
selatan; south; southern
timur; east; eastern
barat; west; western
senin; monday
selasa; tuesday
rabu; wednesday
kamis; thursday
jumat; jum'at; friday
sabtu; saturday
minggu; ahad; sunday
"""
# Ranks, offices and kinds of bodies and places, which a translation need not keep to the letter.
_GENERIC = frozenset(
    """
    menlu menhan menkeu menko mendagri kapolri kapolda kapolres wapres dirut dirjen sekjen letjen mayjen
    brigjen
    secretary sekretaris chancellor kanselir spokesman spokeswoman spokesperson jubir
    presiden president wakil vice perdana prime menteri minister ministers ministry kementerian luar
    negeri foreign affairs pertahanan defence defense dalam interior keuangan finance kesehatan health
    pendidikan education umum general jenderal mayor major letnan lieutenant kolonel colonel kapten
    captain admiral kepala chief staf staff komandan commander panglima gubernur governor bupati regent
    wali kota walikota raja king ratu queen pangeran prince duta besar ambassador utusan envoy ketua chair
    chairman chairwoman director direktur professor profesor prof dr doctor dokter sir mr mrs ms bapak pak
    ibu bu ayatollah supreme leader pemimpin tertinggi hakim judge jaksa prosecutor senator speaker
    parlemen parliament house dpr representatives council dewan senate congress komisi commission election
    elections pemilu pilpres pemilihan agency badan bureau board institute university universitas academy
    court pengadilan mahkamah constitutional district central pusat attorney agung treasury bank party
    partai government pemerintah state negara republic republik kingdom national nasional internasional
    international royal army tentara navy air force forces pasukan guard guards revolutionary garda
    revolusi korps corps unit units popular mobilization mobilisation mobilisasi populer police polisi
    kepolisian coalition koalisi movement front brigade province provinsi kabupaten regency kecamatan
    subdistrict desa village city town county street jalan avenue road bridge jembatan port pelabuhan
    airport bandara station stasiun stadium stadion hotel hospital rumah sakit school museum library
    temple candi mosque masjid great grand church gereja palace istana park taman sea laut ocean samudra
    lake danau river sungai strait selat gulf teluk bay island islands pulau kepulauan mount mountain
    gunung cave gua desert middle tengah peninsula zone zona green hijau world dunia heritage warisan cup
    piala games olympic olympics olimpiade olympiad league liga championship company perusahaan
    corporation group grup press pers news berita covid bulan tahun hari bumi matahari moon sun earth pt
    tbk ltd co inc rp usd am pm wib wita wit
    """.split()
)


def known_forms(text: str) -> tuple[list[tuple[str, str]], str]:
    """The names of the table in `text`, each as (its first form, as it is written), and the rest."""
    found = [(_named(match[0]), match[0]) for match in _forms().finditer(text)]
    return found, _forms().sub(lambda match: " " * len(match[0]), text)


def instead(name: str) -> frozenset[str]:
    """What may stand in a source for a name, by first forms, itself included."""
    return _instead().get(name, frozenset()) | {name}


def generic(word: str) -> bool:
    """Whether a word only goes with names: a rank, an office, a kind of place."""
    return word.lower() in _GENERIC


def _lines() -> list[tuple[list[str], list[str]]]:
    lines = (line.partition(">") for line in _SAME.strip().splitlines())
    return [
        ([form.strip() for form in forms.split(";")], other.split()) for forms, _, other in lines
    ]


def _named(written: str) -> str:
    first = _first()
    return first.get(written) or first.get(written.lower(), written)


@cache
def _first() -> dict[str, str]:
    return {form: forms[0] for forms, _ in _lines() for form in forms}


@cache
def _instead() -> dict[str, frozenset[str]]:
    return {forms[0]: frozenset(other) for forms, other in _lines()}


@cache
def _forms() -> re.Pattern[str]:
    forms = sorted((form for forms, _ in _lines() for form in forms), key=len, reverse=True)
    exact = "|".join(re.escape(form) for form in forms if form.isupper())
    other = "|".join(re.escape(form) for form in forms if not form.isupper())
    return re.compile(rf"(?<!\w)(?:{exact}|(?i:{other}))(?![\w$])")  # "US$" is money
